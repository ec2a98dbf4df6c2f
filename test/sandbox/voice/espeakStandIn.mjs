// Stands in for the espeak-ng program in tests: takes the options we use, writes a WAV as it does to a pipe (sizes in the header
// are placeholders). Each word is a burst as long as its letters, in its own pitch; `-g` widens the pauses between words.
const options = process.argv.slice(2);
const value = (name, other) => (options.includes(name) ? options[options.indexOf(name) + 1] : other);

if (process.env.STAND_IN === 'fails') process.exit(3);
if (process.env.STAND_IN === 'mute') process.exit(0);

let text = '';
for await (const chunk of process.stdin) text += chunk;
const rate = 22_050;
const gapMs = 15 + 8 * Number(value('-g', '0'));
const samples = [];
text
  .trim()
  .split(/\s+/)
  .forEach((word, at) => {
    if (at > 0) for (let i = 0; i < (gapMs * rate) / 1000; i++) samples.push(0);
    const length = (word.length * 40 * rate) / 1000;
    const hz = 300 + 130 * at;
    for (let i = 0; i < length; i++)
      samples.push(Math.round(6000 * Math.sin((2 * Math.PI * hz * (i + 1)) / rate)) || 5);
  });
const wav = Buffer.alloc(44 + samples.length * 2);
wav.write('RIFF');
wav.writeUInt32LE(0x7ffff024, 4);
wav.write('WAVEfmt ', 8);
wav.writeUInt32LE(rate, 24);
samples.forEach((sample, at) => wav.writeInt16LE(sample, 44 + at * 2));
process.stdout.write(wav);
