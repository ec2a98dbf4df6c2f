import { daysLeftOf, standingOf } from '../../escalation/emergencyNumbers.ts';
import { mostServices, readService, serviceJson, type NewService, type Service } from '../../referral/service.ts';
import { keepService, listServices, removeService } from '../../store/services.ts';
import type { StaffAccess } from '../access/staffAccess.ts';
import { exitCodes } from '../exitCodes.ts';
import { shortId } from '../listing.ts';
import { misused, refused, type Outcome } from '../outcome.ts';
import type { Column, Colours } from '../output.ts';
import { readJsonFile } from '../summaries/jsonFile.ts';

const nothing = 'Nothing was changed.';

export async function list(access: StaffAccess, now: Date): Promise<Outcome> {
  access.demand('seeCalls');
  const services = await read(access);
  return {
    kind: 'done',
    json: { services: services.map((each) => jsonOf(each, now)) },
    print: ({ line, table }) => {
      if (services.length === 0) line('The directory is empty: Sanad names no other service.');
      else table(columns(now), services);
    },
  };
}

/** Exit code 1 when something may not be spoken, or soon may not be. */
export async function check(access: StaffAccess, now: Date): Promise<Outcome> {
  access.demand('seeCalls');
  const services = await read(access);
  const concerns = services.flatMap((each) => concernOf(each, now));
  return {
    kind: 'done',
    json: { services: services.length, concerns },
    code: concerns.length === 0 ? exitCodes.good : exitCodes.failed,
    print: ({ line, colours }) => {
      for (const { id, concern } of concerns) line(`${colours.yellow('!')} ${shortId(id)} ${concern}`);
      if (concerns.length === 0) line(`${services.length} services, each verified for 30 days or more.`);
      else line('\nRing the number, then: services edit ID --verified-by NAME --verified-on DAY --expires-on DAY');
    },
  };
}

export async function add(access: StaffAccess, json: object, now: Date): Promise<Outcome> {
  access.demand('manageServices');
  const made = readService(json);
  if (!made.ok) return faulty(made.faults);
  const there = (await read(access)).find(({ number }) => number === made.service.number);
  if (there !== undefined)
    return refused('there', `The directory has this number already (${shortId(there.id)}). ${nothing}`);
  return keep(access, [made.service], now);
}

/** `change`: the fields of a file that were given. */
export async function edit(access: StaffAccess, id: string, change: object, now: Date): Promise<Outcome> {
  access.demand('manageServices');
  const found = await findService(access, id);
  if ('kind' in found) return found;
  const before = serviceJson(found);
  const { name, what_for: whatFor, ...others } = change as Partial<typeof before>;
  const made = readService({
    ...before,
    ...others,
    name: { ...before.name, ...name },
    what_for: { ...before.what_for, ...whatFor },
  });
  if (!made.ok) return faulty(made.faults);
  // Somebody's word stood for the old number only.
  const isOther = made.service.number !== before.number;
  if (isOther) return misused('number', `Another number is another service: add it, and remove this one. ${nothing}`);
  return keep(access, [made.service], now);
}

export async function remove(access: StaffAccess, id: string): Promise<Outcome> {
  access.demand('manageServices');
  const found = await findService(access, id);
  if ('kind' in found) return found;
  await access.database.within(access.organisationId, async (tx) => {
    await removeService(tx, found.id);
    await access.noteIn(tx, 'serviceRemoved', { kind: 'service', id: found.id });
  });
  return {
    kind: 'done',
    json: { removed: found.id },
    print: ({ line }) => line(`${shortId(found.id)} is removed. Calls stop naming it within a minute.`),
  };
}

/** All or nothing. A number that is there is changed. */
export async function importFrom(access: StaffAccess, file: string, now: Date): Promise<Outcome> {
  access.demand('manageServices');
  const json = readJsonFile(file);
  if ('kind' in json) return json;
  const { value } = json;
  if (!Array.isArray(value) || value.length === 0 || value.length > mostServices)
    return misused('file', `${file} must be a list of 1 to ${mostServices} services. ${nothing}`);
  const read = value.map((each: unknown) => readService(each));
  const faults = read.flatMap((each, index) =>
    each.ok ? [] : each.faults.map((fault) => `entry ${index + 1}, ${fault}`),
  );
  if (faults.length > 0) return faulty(faults);
  return keep(
    access,
    read.flatMap((each) => (each.ok ? [each.service] : [])),
    now,
  );
}

async function keep(access: StaffAccess, services: readonly NewService[], now: Date): Promise<Outcome> {
  const { database, organisationId } = access;
  const kept = await database.within(organisationId, async (tx) => {
    const done = [];
    for (const service of services) {
      const { id, isNew } = await keepService(tx, organisationId, service, now);
      await access.noteIn(tx, isNew ? 'serviceAdded' : 'serviceChanged', { kind: 'service', id });
      done.push({ ...service, id, isNew });
    }
    return done;
  });
  return {
    kind: 'done',
    json: { services: kept.map((each) => ({ ...jsonOf(each, now), isNew: each.isNew })) },
    print: ({ line, colours }) => {
      for (const each of kept)
        line(
          `${shortId(each.id)} ${each.isNew ? 'added' : 'changed'}: ${shownName(each)}, ${standing(each, now, colours)}`,
        );
    },
  };
}

const read = (access: StaffAccess): Promise<readonly Service[]> =>
  access.database.within(access.organisationId, (tx) => listServices(tx));

/** The one whose id begins like this, or what to answer. */
export async function findService(access: StaffAccess, id: string): Promise<Service | Outcome> {
  const wanted = id.trim().toLowerCase();
  const found = wanted.length < 4 ? [] : (await read(access)).filter((each) => each.id.startsWith(wanted));
  const [service] = found;
  if (service !== undefined && found.length === 1) return service;
  return refused(
    found.length === 0 ? 'unknown' : 'ambiguous',
    `${found.length === 0 ? 'No service has' : 'Several services have'} the id ${id}. There are: services list`,
  );
}

function faulty(faults: readonly string[]): Outcome {
  return misused('faulty', `This cannot be kept:\n${faults.map((each) => `  ${each}`).join('\n')}\n${nothing}`);
}

const soonDays = 30;

function concernOf(service: Service, now: Date): readonly { readonly id: string; readonly concern: string }[] {
  const { id, number, verification } = service;
  const told = (concern: string) => [{ id, concern: `${shownName(service)} (${number}) ${concern}` }];
  switch (standingOf(service, now)) {
    case 'unverified':
      return told('was never verified and is not named');
    case 'expired':
      return told(`expired on ${verification?.expiresOn} and is not named`);
    case 'notYet':
      return told(`is verified from ${verification?.on} on, a day to come`);
    case 'standing': {
      const left = daysLeftOf(service, now) ?? 0;
      return left > soonDays ? [] : told(`expires in ${left} days`);
    }
  }
}

/** For `doctor`: one line for each that may not be named, or soon may not. */
export function serviceConcerns(services: readonly Service[], now: Date): readonly string[] {
  return services.flatMap((each) => concernOf(each, now)).map(({ concern }) => concern);
}

function shownName({ name }: NewService): string {
  return name.en ?? name.ar ?? '';
}

const jsonOf = (service: Service, now: Date): object => ({
  id: service.id,
  ...serviceJson(service),
  standing: standingOf(service, now),
});

function standing(service: NewService, now: Date, colours: Colours): string {
  const is = standingOf(service, now);
  return is === 'standing' ? colours.green('may be named') : colours.yellow(`${is}: not named`);
}

function columns(now: Date): readonly Column<Service>[] {
  return [
    { title: 'id', width: 8, cell: ({ id }) => shortId(id) },
    {
      title: 'service',
      cell: (each, { dim }) => `${shownName(each)}\n${dim(each.whatFor.en ?? each.whatFor.ar ?? '')}`,
    },
    { title: 'number', width: 8, cell: ({ number }) => number },
    { title: 'purpose', width: 16, cell: ({ purpose, forWhom }) => `${purpose}\n${forWhom}` },
    { title: 'speaks', width: 8, cell: ({ languages }) => languages.join(', ') },
    {
      title: 'verified until',
      width: 24,
      cell: (each, colours) => `${each.verification?.expiresOn ?? ''}\n${standing(each, now, colours)}`.trim(),
    },
  ];
}
