import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { riskLevels } from '../../src/call/meaning.ts';

export const domains = [
  'suicide',
  'selfHarm',
  'harmOthers',
  'abuse',
  'child',
  'psychosis',
  'overdose',
  'medical',
  'none',
] as const;
export const subjects = ['self', 'other', 'child', 'none'] as const;

/** One labelled line; docs/risk-levels.md says what the levels mean. */
export const line = z.object({
  text: z.string().min(1),
  level: z.enum(riskLevels as [string, ...string[]]).transform((level) => level as (typeof riskLevels)[number]),
  lang: z.string(),
  domain: z.enum(domains),
  trap: z.string(),
  subject: z.enum(subjects),
});

export type Line = z.infer<typeof line> & { readonly file: string };

const folder = path.resolve(import.meta.dirname, '../../fixtures/risk/corpus');

/** The lines of all files in the order of their names; lines that are no such line are told of and left out. */
export function readCorpus(warn: (text: string) => void = () => {}): readonly Line[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jsonl'))
    .sort()
    .flatMap((file) =>
      readFileSync(path.join(folder, file), 'utf8')
        .split('\n')
        .flatMap((text, index) => {
          if (text.trim() === '') return [];
          const parsed = line.safeParse(parseJson(text));
          if (parsed.success) return [{ ...parsed.data, file }];
          warn(`${file}:${index + 1} is no line of the corpus`);
          return [];
        }),
    );
}

const phraseFolder = path.resolve(import.meta.dirname, '../../fixtures/risk/model-phrases');

/**
 * Bare phrases for the model, many to a heading `# level domain subject language`: breadth of wording, where the corpus has whole
 * utterances. They are trained on and never measured on.
 */
export function readPhrases(): readonly Line[] {
  return readdirSync(phraseFolder)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .flatMap((file) => {
      let heading: readonly string[] = [];
      return readFileSync(path.join(phraseFolder, file), 'utf8')
        .split('\n')
        .flatMap((text) => {
          if (text.startsWith('# ')) heading = text.slice(2).split(' ');
          if (text === '' || text.startsWith('# ')) return [];
          const [level, domain, subject, lang] = heading;
          return [{ ...line.parse({ text, level, domain, subject, lang, trap: 'none' }), file: `phrases/${file}` }];
        });
    });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
