/** When a telephone of the rota is engaged for a caller, as the database knows it; for the list of people and for the pace alike. */

/** Who was let go hears why, which takes so long; a telephone that only rang is hung up within the other. Seconds. */
const partingSeconds = 6;
const hangingUpSeconds = 1;
/** The pace has granted it, and it is not dialled by then: the process that was to do it has died. Seconds. */
export const grantLostSeconds = 6;

const isGranted = (attempt: string): string =>
  `${attempt}.state = 'planned' and ${attempt}.granted_at > clock_timestamp() - make_interval(secs => ${grantLostSeconds})`;

/** SQL: this attempt rings, or is about to. */
export const isRinging = (attempt: string): string =>
  `(${attempt}.state in ('dialling', 'ringing', 'answered') or ${isGranted(attempt)})`;

/** SQL: this attempt of another escalation has the person's telephone just now, or it is only just being let go. */
export const hasTelephone = (attempt: string): string => `(
  ${attempt}.state in ('dialling', 'ringing', 'answered', 'accepted', 'joined') or ${isGranted(attempt)}
  or ${attempt}.state in ('released', 'tooLate', 'declined', 'noKey', 'left') and ${attempt}.ended_at > clock_timestamp()
    - make_interval(secs => case when ${attempt}.answered_at is null then ${hangingUpSeconds} else ${partingSeconds} end))`;
