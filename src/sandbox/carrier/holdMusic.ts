import { askFor, readDocument } from './documents.ts';
import type { FormParameters } from './signature.ts';
import { follow, performPrompt, type DocumentRequest, type VerbContext } from './verbs.ts';

/** What a party hears while it waits, or is put on hold. */
export interface MusicLink {
  /** Null: the carrier's own music. Empty: silence. */
  readonly url: string | null;
  readonly method: 'GET' | 'POST';
}

/** Named in Twilio's documentation as what is played when nothing else is given; nothing is fetched here. */
const carrierMusic = 'http://twimlets.com/holdmusic?Bucket=com.twilio.music.classical';
/** A document that only redirects would be asked for without end. */
const mostDocuments = 1_000;

/**
 * Performs the wait document again and again as its redirects say; a document without one is followed by silence. Resolves
 * when there is nothing more, or the signal is aborted.
 */
export async function playMusic(context: VerbContext, link: MusicLink, parameters: FormParameters): Promise<void> {
  if (link.url === null) {
    return playAddress(context, carrierMusic);
  }
  let request = follow(context, link.url, link.method, parameters);
  for (let documents = 0; request !== null && documents < mostDocuments && !context.signal.aborted; documents += 1) {
    request = await performWait(context, request);
  }
}

/** The next document's request, or null. */
async function performWait(context: VerbContext, request: DocumentRequest): Promise<DocumentRequest | null> {
  const { exchange, leg, signal } = context;
  const answer = await askFor(exchange, leg, request);
  if ('code' in answer) {
    leg.recorder.error(answer.code, answer.message);
    return null;
  }
  if (/^audio\//i.test(answer.contentType)) {
    await playAddress(context, request.url);
    return null;
  }
  const document = readDocument(exchange, leg, answer.body, request.url);
  if ('code' in document) {
    leg.recorder.error(document.code, document.message);
    return null;
  }
  const inDocument = { ...context, base: request.url };
  for (const verb of document.verbs) {
    if (signal.aborted) {
      return null;
    }
    if (verb.verb === 'Say' || verb.verb === 'Play' || verb.verb === 'Pause') {
      await performPrompt(inDocument, verb);
    } else if (verb.verb === 'Redirect') {
      return follow(inDocument, verb.url === '' ? request.url : verb.url, verb.method, request.parameters);
    } else {
      leg.recorder.error(13600, `<${verb.verb}> is not allowed while a party waits for a conference`);
      return null;
    }
  }
  return null;
}

async function playAddress(context: VerbContext, content: string): Promise<void> {
  await performPrompt(context, { verb: 'Play', content, loop: 0, lengthMs: 0, language: null, voice: null });
}
