import { expect } from 'chai';
import { consentLineNames } from '../../src/call/lineName.ts';
import { questionOf } from '../../src/risk/answers.ts';
import { understand } from '../../src/therapist/meaning.ts';
import { languagePacks } from '../../src/therapist/packs.ts';

const heard = (text: string) => understand(text, languagePacks['ar-OM'], { risk: 'none', situation: null });

describe('the words of consent', () => {
  it('ask nothing that the risk floor takes for a question after danger', () => {
    for (const pack of Object.values(languagePacks))
      for (const line of consentLineNames)
        expect(questionOf(pack.lines[line].join(' ')), `${pack.id} ${line}`).to.equal(null);
  });

  const told: readonly (readonly [string, ReturnType<typeof heard>['consent']])[] = [
    ['لا تحتفظون بكلامي', 'takesBackWords'],
    ['لا تحتفظوا بكلامي لو سمحتوا', 'takesBackWords'],
    ['ما أباكم تحتفظون بكلامي', 'takesBackWords'],
    ['خلاص احذفوا كلامي', 'takesBackWords'],
    ["please don't record me", 'takesBackWords'],
    ['delete my words', 'takesBackWords'],
    ['لا ترسلوا لي رسايل', 'takesBackContact'],
    ["don't send me messages", 'takesBackContact'],
    ['بعدين', 'later'],
    ['لا، مو الحين', 'later'],
    ['not now please', 'later'],
    ["he said don't call me", undefined],
    ['زوجي قال امسح كلامي', undefined],
    ['قال لي لا تتصلي فيني', undefined],
    ['I will tell you later about it', undefined],
    ['أبا أتكلم مع حد', undefined],
  ];
  for (const [text, meant] of told)
    it(`take "${text}" for ${meant ?? 'nothing of consent'}`, () => expect(heard(text).consent).to.equal(meant));

  it('know a yes and a no by the lists that all questions are answered by', () => {
    for (const yes of ['ايوه', 'نعم', 'yes', 'yes please']) expect(heard(yes).answer, yes).to.equal('yes');
    for (const no of ['لا', 'لا والله', 'no', 'no thank you']) expect(heard(no).answer, no).to.equal('no');
  });
});
