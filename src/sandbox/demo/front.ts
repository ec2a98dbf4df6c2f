import { connect, createServer, type Socket } from 'node:net';

/** The address callers are sent to while servers come and go behind it: a load balancer of the smallest kind. */
export interface Front {
  readonly port: number;
  /** New connections go to this port of 127.0.0.1; those that are open stay where they are. */
  readonly sendTo: (port: number) => void;
  readonly close: () => Promise<void>;
}

export function openFront(): Promise<Front> {
  let target = 0;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket, other: Socket): void => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => other.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
  };
  const server = createServer((caller) => {
    const application = connect(target, '127.0.0.1');
    keep(caller, application);
    keep(application, caller);
    caller.pipe(application);
    application.pipe(caller);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : 0,
        sendTo: (port) => {
          target = port;
        },
        close: () => {
          for (const socket of sockets) socket.destroy();
          return new Promise((closed) => server.close(() => closed()));
        },
      });
    });
  });
}
