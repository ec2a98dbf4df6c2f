import { field } from './sdk.ts';

/**
 * Holds one SDK object to one socket. By itself the SDK reconnects behind our back (five times within 4 ms, or once more
 * after it has given up), cannot drop a socket whose upgrade is never answered, and forgets a pre-connected
 * socket that never spoke when it is closed. With the socket in hand none of that happens: a second one is refused,
 * the close code is known at once, and the stop is ours.
 */
export interface OneSocket {
  /** False when the SDK's internals are not as expected; then only its own, slower ways remain. */
  readonly guarded: boolean;
  /** Close code of the socket once it has been open and is closed; null before. */
  readonly closeCode: () => number | null;
  /** Closes the socket as WebSockets are closed, with a frame that the other side has to answer. */
  readonly close: () => void;
  /** Ends the socket now, in whatever state it is. */
  readonly terminate: () => void;
}

export interface SocketEvents {
  /** Once, after an open socket closed. */
  readonly onClosed: (code: number) => void;
  /** Once, when a message could not be sent: the socket is closing, and `onClosed` should follow. */
  readonly onSendFailed: () => void;
}

/** `adapter` is the `internalData` of a recogniser or synthesiser. */
export function confineToOneSocket(adapter: unknown, { onClosed, onSendFailed }: SocketEvents): OneSocket {
  const factory = field(adapter, 'privConnectionFactory');
  const create = field(factory, 'create');
  if (typeof adapter !== 'object' || adapter === null || typeof create !== 'function') return unguarded;

  let taken = false;
  let socket: unknown = null;
  let closeCode: number | null = null;

  const createOnce = async (...given: unknown[]): Promise<unknown> => {
    if (taken) throw new Error('this connection is over');
    taken = true;
    socket = await Promise.resolve<unknown>(Reflect.apply(create, factory, given));
    watchClose(socket, (code) => {
      closeCode = code;
      onClosed(code);
    });
    swallowFailedSends(socket, onSendFailed);
    return socket;
  };

  Reflect.set(adapter, 'privConnectionFactory', { create: createOnce });
  return {
    guarded: true,
    closeCode: () => closeCode,
    close: () => {
      taken = true;
      dispose(socket);
    },
    terminate: () => {
      taken = true;
      terminate(socket);
    },
  };
}

const unguarded: OneSocket = { guarded: false, closeCode: () => null, close: () => {}, terminate: () => {} };

function watchClose(socket: unknown, onClosed: (code: number) => void): void {
  const events = field(socket, 'events');
  const attach = field(events, 'attach');
  if (typeof attach !== 'function') return;
  Reflect.apply(attach, events, [
    (event: unknown) => {
      const code = field(event, 'statusCode');
      if (field(event, 'name') === 'ConnectionClosedEvent' && typeof code === 'number') onClosed(code);
    },
  ]);
}

/**
 * While a socket is closing, the SDK answers each failed send by sending all audio since the last phrase again, without ever
 * giving the event loop a turn in which the close could arrive: the whole process stands still, for seconds (measured).
 * A send that fails therefore never ends. Nobody needs it any more: the connection is about to be replaced.
 */
function swallowFailedSends(socket: unknown, onFailed: () => void): void {
  const send = field(socket, 'send');
  if (typeof socket !== 'object' || socket === null || typeof send !== 'function') return;
  let failed = false;
  Reflect.set(socket, 'send', (...given: unknown[]): Promise<unknown> => {
    const sent = Promise.resolve<unknown>(Reflect.apply(send, socket, given));
    return sent.catch(() => {
      if (!failed) onFailed();
      failed = true;
      return new Promise(() => {});
    });
  });
}

function dispose(socket: unknown): void {
  const end = field(socket, 'dispose');
  if (typeof end !== 'function') return;
  // It fails when the socket is closed already, which is what we want.
  Promise.resolve<unknown>(Reflect.apply(end, socket, [])).catch(() => {});
}

function terminate(socket: unknown): void {
  const client = field(field(socket, 'privConnectionMessageAdapter'), 'privWebsocketClient');
  const end = field(client, 'terminate');
  if (typeof end === 'function') Reflect.apply(end, client, []);
}
