import { z } from 'zod';

/** What is written of a call when it is over: for the clinician who answers for it, and for the caller's next call. */

export const techniques = [
  'openQuestions',
  'reflecting',
  'validating',
  'normalising',
  'grounding',
  'breathing',
  'behaviouralActivation',
  'cognitiveReframing',
  'problemSolving',
  'safetyPlanning',
  'meansDistance',
  'socialSupport',
  'religiousCoping',
  'psychoeducation',
  'listeningOnly',
] as const;

/** Lengths in characters, far above what the prompt asks for. */
const text = (most: number) => z.string().trim().min(1).max(most);
const maybe = (most: number) => z.string().trim().max(most).nullable();

export const summaryShape = z.object({
  broughtBy: text(800).describe('What brought the caller, as they put it; no diagnosis.'),
  tried: z.array(text(300)).max(10).describe('What the caller has tried already, or what was tried in the call.'),
  techniques: z.array(z.enum(techniques)).max(techniques.length).describe('What Sanad did.'),
  riskCourse: text(500).describe('How danger showed, rose and fell in the call; say so when none showed.'),
  nextStep: maybe(400).describe('The step that was agreed with the caller; null when none was.'),
  homework: maybe(400).describe('What the caller took up to do until next time; null when nothing.'),
});

export type Summary = Readonly<z.infer<typeof summaryShape>>;

const { $schema: _, ...json } = z.toJSONSchema(
  // The vendors' strict modes know neither lengths nor trimming; `readSummary` holds to them afterwards.
  z.object({
    broughtBy: z.string().describe(summaryShape.shape.broughtBy.description ?? ''),
    tried: z.array(z.string()).describe(summaryShape.shape.tried.description ?? ''),
    techniques: z.array(z.enum(techniques)).describe(summaryShape.shape.techniques.description ?? ''),
    riskCourse: z.string().describe(summaryShape.shape.riskCourse.description ?? ''),
    nextStep: z
      .string()
      .nullable()
      .describe(summaryShape.shape.nextStep.description ?? ''),
    homework: z
      .string()
      .nullable()
      .describe(summaryShape.shape.homework.description ?? ''),
  }),
);

export const summarySchema = { name: 'summary_of_a_call', json } as const;

/** The summary in a model's or a person's text; null when it is none. */
export function readSummary(written: string): Summary | null {
  try {
    const read = summaryShape.safeParse(JSON.parse(written));
    return read.success ? { ...read.data, techniques: [...new Set(read.data.techniques)] } : null;
  } catch {
    return null;
  }
}

/** How the responsible clinician wants summaries written. */
export const profileShape = z.strictObject({
  approach: z.string().trim().min(1).max(300),
  tone: z.string().trim().min(1).max(300),
  /** Words in the longest part. */
  words: z.number().int().min(10).max(120),
  preferred: z
    .array(z.strictObject({ say: z.string().trim().min(1).max(80), insteadOf: z.string().trim().min(1).max(80) }))
    .max(40),
  /** Summaries as they should be, without anything of a real person. */
  examples: z.array(summaryShape).max(3),
});

export type ClinicianProfile = Readonly<z.infer<typeof profileShape>>;

export const usualProfile: ClinicianProfile = {
  approach: 'person-centred listening with steps of cognitive behavioural therapy',
  tone: 'plain, respectful, in the caller’s own terms; no labels',
  words: 40,
  preferred: [],
  examples: [],
};
