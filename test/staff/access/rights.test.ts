import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { hasRight, MissingRight, rights, roles, rolesWith } from '../../../src/staff/access/rights.ts';

describe('the rights of staff', () => {
  it('are those of the table in docs/staff.md', () => {
    const text = readFileSync(path.resolve(import.meta.dirname, '../../../docs/staff.md'), 'utf8');
    for (const right of rights) {
      const row = text.split('\n').find((each) => each.startsWith(`| \`${right}\``));
      const cells = (row ?? '').split('|').slice(3, 3 + roles.length);
      const marked = roles.filter((_, index) => cells[index]?.trim() === 'yes');
      expect({ right, roles: marked }).to.deep.equal({ right, roles: rolesWith(right) });
    }
  });

  it('are each held by somebody, and all by no role', () => {
    expect(rights.filter((right) => rolesWith(right).length === 0)).to.deep.equal([]);
    expect(roles.filter((role) => rights.every((right) => hasRight([role], right)))).to.deep.equal([]);
  });

  it('let nobody who runs the machines read words, and nobody who reads words change the staff', () => {
    expect(rolesWith('manageKeys').filter((role) => hasRight([role], 'readWords'))).to.deep.equal([]);
    expect(rolesWith('manageStaff').filter((role) => hasRight([role], 'readWords'))).to.deep.equal([]);
  });

  it('add up over the roles of one person', () => {
    expect(hasRight(['reviewer', 'dataOfficer'], 'eraseCaller')).to.equal(true);
    expect(hasRight(['reviewer'], 'eraseCaller')).to.equal(false);
    expect(hasRight([], 'seeCalls')).to.equal(false);
  });

  it('are named, with the roles that have them, to whoever lacks one', () => {
    expect(new MissingRight('eraseCaller', 'Salim').message).to.equal(
      'Salim may not erase a caller. Roles that may: data officer. Roles are given with: staff edit LOGIN --roles …',
    );
  });
});
