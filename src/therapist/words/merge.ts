import type { LanguagePack } from '../languagePack.ts';

type Words = LanguagePack['words'];

/** One set of lists out of two languages: callers change the language in the middle of a sentence. */
export function merge(first: Words, second: Words): Words {
  return {
    backchannels: [...first.backchannels, ...second.backchannels],
    asksForHuman: [...first.asksForHuman, ...second.asksForHuman],
    refusesPerson: [...first.refusesPerson, ...second.refusesPerson],
    overheard: [...first.overheard, ...second.overheard],
    asksToStop: [...first.asksToStop, ...second.asksToStop],
    saysGoodbye: [...first.saysGoodbye, ...second.saysGoodbye],
    trailing: [...first.trailing, ...second.trailing],
    painful: [...first.painful, ...second.painful],
  };
}
