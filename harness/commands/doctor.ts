/** `touchstone doctor`: what this machine can run, and the command that supplies what is missing. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { HarnessFault } from '../lab/harness-fault.ts';
import { requireDaemon } from '../runtime/container-image.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';

interface Need {
  readonly program: string;
  readonly debianPackage: string;
  readonly for: string;
  /** Without it no guest runs at all. */
  readonly essential: boolean;
}

export async function doctor(path: string, { out, paint }: Surroundings): Promise<ExitCode> {
  const missing = needs.filter(({ program }) => !isOnPath(program, path));
  out(`${paint.green('ok')}       memory: the reference on a virtual clock needs nothing but npm's packages`);
  for (const need of needs) {
    const state = missing.includes(need)
      ? paint[need.essential ? 'red' : 'yellow']('missing')
      : `${paint.green('ok')}     `;
    out(`${state}  ${need.program.padEnd(12)} ${need.for}`);
  }
  const daemon = missing.some(({ program }) => program === 'docker') ? undefined : await daemonFault();
  if (daemon) out(`${paint.yellow('dead')}     ${'dockerd'.padEnd(12)} ${daemon.message}`);
  const packages = [...new Set(missing.map(({ debianPackage }) => debianPackage))];
  const mends = [
    packages.length > 0 && `apt-get install -y --no-install-recommends ${packages.join(' ')}`,
    daemon?.mend,
  ].filter(Boolean);
  if (mends.length > 0) out(`\nThis mends it:\n${mends.map((line) => `  ${line}`).join('\n')}`);
  return missing.some(({ essential }) => essential) ? 3 : 0;
}

async function daemonFault(): Promise<HarnessFault | undefined> {
  return requireDaemon().then(
    () => undefined,
    (fault: HarnessFault) => fault,
  );
}

function isOnPath(program: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const needs: readonly Need[] = [
  {
    program: 'linux.uml',
    debianPackage: 'user-mode-linux',
    for: 'a real Linux kernel as a process (--runtime uml)',
    essential: true,
  },
  { program: 'mmdebstrap', debianPackage: 'mmdebstrap', for: 'builds images, once', essential: true },
  { program: 'mke2fs', debianPackage: 'e2fsprogs', for: 'builds images, once', essential: true },
  { program: 'docker', debianPackage: 'docker.io', for: 'guests in containers (--runtime docker)', essential: false },
  { program: 'docker-compose', debianPackage: 'docker-compose', for: 'starts those containers', essential: false },
  { program: 'tshark', debianPackage: 'tshark', for: 'the independent decoder of the tests', essential: false },
  { program: 'chromium', debianPackage: 'chromium', for: 'the tests that look at the report', essential: false },
];
