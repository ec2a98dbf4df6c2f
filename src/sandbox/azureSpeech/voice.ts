/** Makes the speech of one voice: 8 kHz μ-law and when each word is said, in milliseconds from the first sample. */
export type SandboxVoice = (
  text: string,
  how: { readonly voiceName: string; readonly language: string },
) => Promise<{
  readonly mulaw: Uint8Array;
  readonly words: readonly { readonly text: string; readonly offsetMs: number; readonly durationMs: number }[];
}>;

/** 8 kHz, one byte a sample. */
export const mulawBytesPerMs = 8;

export const silentMulaw = 0xff;

/** The neural voices of the locales that the line speaks; the list route shows these. */
export const voicesOfService = [
  listed('ar-OM', 'Arabic (Oman)', 'Aysha', 'Female'),
  listed('ar-OM', 'Arabic (Oman)', 'Abdullah', 'Male'),
  listed('ar-SA', 'Arabic (Saudi Arabia)', 'Zariyah', 'Female'),
  listed('ar-SA', 'Arabic (Saudi Arabia)', 'Hamed', 'Male'),
  listed('en-GB', 'English (United Kingdom)', 'Sonia', 'Female'),
  listed('en-GB', 'English (United Kingdom)', 'Ryan', 'Male'),
  listed('en-US', 'English (United States)', 'Jenny', 'Female'),
] as const;

/** Any neural voice is taken, not only the listed ones; a name of another shape is refused as the service does. */
export function isVoiceName(name: string): boolean {
  return /^[a-z]{2,3}-[A-Z]{2}-[A-Za-z]+Neural$/.test(name);
}

function listed(locale: string, localeName: string, name: string, gender: 'Female' | 'Male') {
  return {
    Name: `Microsoft Server Speech Text to Speech Voice (${locale}, ${name}Neural)`,
    DisplayName: name,
    LocalName: name,
    ShortName: `${locale}-${name}Neural`,
    Gender: gender,
    Locale: locale,
    LocaleName: localeName,
    SampleRateHertz: '24000',
    VoiceType: 'Neural',
    Status: 'GA',
    WordsPerMinute: '120',
  };
}
