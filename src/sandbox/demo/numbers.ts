/** The telephone of last resort: what is rung when nobody is on call. */
export const personNumber = '+96891234567';
export const callerNumber = '+96899887766';
export const ownNumber = '+96824000000';
