/** `touchstone doctor`: what this machine can run, and the command that supplies what is missing; of products that are named, what their releases have. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { HarnessFault } from '../lab/harness-fault.ts';
import type { Product } from '../products/product.ts';
import { requireDaemon } from '../runtime/container-image.ts';
import { surveyed } from '../runtime/image.ts';
import { describedIn } from '../runtime/image-description.ts';
import { namespace } from '../runtime/namespace.ts';
import { runtimeFor } from '../runtime/runtimes.ts';
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
  const brought = products.map((product) => hasBrought(product, surroundings));
  const runtimes = await Promise.all(products.map((product) => hasRuntime(product, surroundings)));
  const releases = await Promise.all(products.map((product) => hasRelease(product, surroundings)));
  return missing.some(({ essential }) => essential) || [...brought, ...runtimes, ...releases].includes(false) ? 3 : 0;
}

/** True of a product whose program is in its image. */
function hasBrought(product: Product, { out, paint }: Surroundings): boolean {
  if (product.runs !== 'in-guest') return true;
  const { name, brings, requireBrought } = product;
  const missing = (says: string): false => {
    out(`${paint.red('missing')}  ${name}: ${says}`);
    return false;
  };
  if (brings) return missing(`--${brings.option} names ${brings.folder}`);
  if (!requireBrought) return true;
  try {
    requireBrought();
    out(`${paint.green('ok')}       ${name}: what was brought is there`);
    return true;
  } catch (fault) {
    if (!(fault instanceof HarnessFault)) throw fault;
    return missing(fault.message);
  }
}

/** True of a product that asks for no other release than this machine's. */
async function hasRelease(product: Product, { out, err, cache, signal, paint }: Surroundings): Promise<boolean> {
  if (product.runs !== 'in-guest' || product.release === undefined) return true;
  const { name, image, release } = product;
  const described = typeof image === 'string' ? describedIn(image, release) : { name, ...image };
  try {
    const { packages, built } = await surveyed(described, release, cache, err, signal);
    out(
      `${paint.green('ok')}       ${name}: ${packages.join(', ')}; ${built ? 'its image is built' : 'its image is not built yet'}`,
    );
    return true;
  } catch (fault) {
    if (!(fault instanceof HarnessFault) || fault.code === 'aborted') throw fault;
    out(`${paint.red('missing')}  ${name}: ${fault.message}`);
    return false;
  }
}

/** True of a product that runs where most do: what that takes is told before. */
async function hasRuntime(product: Product, { out, paint }: Surroundings): Promise<boolean> {
  if (product.runs !== 'in-guest' || product.runtime === undefined) return true;
  const fault = await faultOf(runtimeFor(product).available());
  if (fault) out(`${paint.red('missing')}  ${product.name}: ${fault.message}`);
  return fault === undefined;
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
