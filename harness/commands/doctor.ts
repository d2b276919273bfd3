/** `touchstone doctor`: what this machine can run, and the command that supplies what is missing; of products that are named, whether they could be run, and on what. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { HarnessFault } from '../lab/harness-fault.ts';
import { nicWire } from '../lab/wires/nic.ts';
import type { Product } from '../products/product.ts';
import { requireDaemon } from '../runtime/container-image.ts';
import { surveyed } from '../runtime/image.ts';
import { describedIn } from '../runtime/image-description.ts';
import { namespace } from '../runtime/namespace.ts';
import { runtimeFor, runtimesOf } from '../runtime/runtimes.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';

interface Need {
  readonly program: string;
  readonly debianPackage: string;
  readonly for: string;
  /** Without it no guest runs at all. */
  readonly essential: boolean;
}

export async function doctor(
  path: string,
  products: readonly Product[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { out, paint } = surroundings;
  const missing = needs.filter(({ program }) => !isOnPath(program, path));
  out(`${paint.green('ok')}       memory: the reference on a virtual clock needs nothing but npm's packages`);
  for (const need of needs) {
    const state = missing.includes(need)
      ? paint[need.essential ? 'red' : 'yellow']('missing')
      : `${paint.green('ok')}     `;
    out(`${state}  ${need.program.padEnd(12)} ${need.for}`);
  }
  const daemon = missing.some(({ program }) => program === 'docker') ? undefined : await faultOf(requireDaemon());
  if (daemon) out(`${paint.yellow('dead')}     ${'dockerd'.padEnd(12)} ${daemon.message}`);
  const namespaces = await faultOf(namespace.available());
  out(
    namespaces
      ? `${paint.yellow('missing')}  ${'namespaces'.padEnd(12)} ${namespaces.message}`
      : `${paint.green('ok')}       ${'namespaces'.padEnd(12)} guests without a kernel of their own (--runtime namespace)`,
  );
  const packages = [...new Set(missing.map(({ debianPackage }) => debianPackage))];
  const mends = [
    packages.length > 0 && `apt-get install -y --no-install-recommends ${packages.join(' ')}`,
    daemon?.mend,
    namespaces?.mend,
  ].filter(Boolean);
  if (mends.length > 0) out(`\nThis mends it:\n${mends.map((line) => `  ${line}`).join('\n')}`);
  const ready = await Promise.all(products.map((product) => isReady(product, surroundings)));
  return missing.some(({ essential }) => essential) || ready.includes(false) ? 3 : 0;
}

/** True of one that could be run now; what it runs on is told either way. */
async function isReady(product: Product, surroundings: Surroundings): Promise<boolean> {
  const { out, paint } = surroundings;
  try {
    out(`${paint.green('ok')}       ${product.name}: ${await foundOf(product, surroundings)}`);
    return true;
  } catch (fault) {
    if (!(fault instanceof HarnessFault) || fault.code === 'aborted') throw fault;
    out(`${paint.red('missing')}  ${product.name}: ${fault.message}`);
    return false;
  }
}

/** Rejects with the HarnessFault that a run of it would end with. */
async function foundOf(product: Product, { err, cache, signal }: Surroundings): Promise<string> {
  if (product.runs === 'in-memory') return 'lives in memory';
  if (product.runs === 'on-cable') {
    const { nic } = product.device.interface;
    await (await nicWire(nic)).close();
    return `is a device at the other end of ${nic}`;
  }
  const { name, image, release, brings } = product;
  if (brings) throw new HarnessFault('not-brought', `--${brings.option} names ${brings.folder}`);
  product.requireBrought?.();
  await runtimeFor(product).available();
  const described = typeof image === 'string' ? describedIn(image, release) : { name, ...image };
  const { packages, built } = await surveyed({ ...described, release }, cache, err, signal);
  return [
    packages.join(', '),
    product.requireBrought && 'what was brought is there',
    built ? 'its image is built' : 'its image is not built yet, which the first run does',
    `it runs with ${runtimesOf(product).join(' or ')}`,
  ]
    .filter(Boolean)
    .join('; ');
}

async function faultOf(available: Promise<void>): Promise<HarnessFault | undefined> {
  return available.then(
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
  {
    program: 'apt-get',
    debianPackage: 'apt',
    for: 'packages of other releases (--product strongswan@trixie)',
    essential: false,
  },
  { program: 'dpkg-deb', debianPackage: 'dpkg', for: 'unpacks their kernels', essential: false },
  { program: 'docker', debianPackage: 'docker.io', for: 'guests in containers (--runtime docker)', essential: false },
  { program: 'docker-compose', debianPackage: 'docker-compose', for: 'starts those containers', essential: false },
  { program: 'tshark', debianPackage: 'tshark', for: 'the independent decoder of the tests', essential: false },
  { program: 'chromium', debianPackage: 'chromium', for: 'the tests that look at the report', essential: false },
];
