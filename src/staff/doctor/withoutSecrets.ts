type Environment = Readonly<Record<string, string | undefined>>;

/** Of what the environment holds, whatever opens a door or rings a person. */
const secret = /KEY|TOKEN|SECRET|PASSWORD|PHONE_NUMBER|ACCOUNT_SID|DATABASE_URL|REDIS_URL/;
/** Anything shorter would strike out parts of ordinary words. */
const shortestSecret = 6;

/**
 * The last net: strikes out of a text every secret of this environment, as written, decoded from an address, or as an
 * address would write it. Texts are made of our own words, so it should never find one.
 */
export function withoutSecrets(environment: Environment): (text: string) => string {
  const found = Object.entries(environment).flatMap(([name, value]) =>
    secret.test(name) && value ? spellings(value.trim()) : [],
  );
  const longestFirst = [...new Set(found)]
    .filter((text) => text.length >= shortestSecret)
    .sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((left, each) => left.replaceAll(each, '***'), text);
}

function spellings(value: string): readonly string[] {
  const password = URL.canParse(value) ? new URL(value).password : '';
  return [value, encodeURIComponent(value), password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
