/** Two interfaces with a cable between them, for tests of what is on a cable; they need root, or at least CAP_NET_ADMIN and CAP_NET_RAW. */
import { execFileSync } from 'node:child_process';

export interface Veth {
  readonly near: string;
  readonly far: string;
  /** Gone, if it is still there. */
  remove(): void;
}

/** Both ends are up and this machine says nothing on either. Throws what `ip` says. */
export function veth(name: string): Veth {
  const [near, far] = [`${name}a`, `${name}b`];
  ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far);
  for (const end of [near, far]) {
    ip('link', 'set', end, 'addrgenmode', 'none');
    ip('link', 'set', end, 'up');
  }
  return {
    near,
    far,
    remove: () => {
      try {
        ip('link', 'delete', near);
      } catch {} // it was pulled
    },
  };
}

export const ip = (...argv: readonly string[]): string =>
  execFileSync('ip', argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
