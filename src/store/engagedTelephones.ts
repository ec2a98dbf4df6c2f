/** When a telephone of the rota is engaged for a caller, as the database knows it; for the list of people and for the pace alike. */

/** Who was let go hears why, which takes so long; a telephone that only rang is hung up within the other. Seconds. */
const partingSeconds = 6;
const hangingUpSeconds = 1;

/** SQL: this attempt of another escalation has the person's telephone just now, or it is only just being let go. */
export const hasTelephone = (attempt: string): string => `(
  ${attempt}.state in ('dialling', 'ringing', 'answered', 'accepted', 'joined')
  or ${attempt}.state in ('released', 'tooLate', 'declined', 'noKey', 'left') and ${attempt}.ended_at > clock_timestamp()
    - make_interval(secs => case when ${attempt}.answered_at is null then ${hangingUpSeconds} else ${partingSeconds} end))`;
