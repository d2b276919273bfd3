// Supplies what a command needs before any package is there: plain JavaScript, nothing but Node itself. As root it installs the Debian
// packages it names, otherwise it prints the one line to run and ends with exit code 3.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Program to the Debian package that brings it. */
export const guestPrograms = { 'linux.uml': 'user-mode-linux', mmdebstrap: 'mmdebstrap', mke2fs: 'e2fsprogs' };
export const witnessPrograms = {
  tshark: 'tshark',
  scapy: 'python3-scapy',
  chromium: 'chromium',
  'redis-server': 'redis-server',
};

/** Ends the process with exit code 3 when something is missing that cannot be installed. */
export function setUp(programs) {
  requireNode();
  requirePrograms(programs);
  requirePackages();
}

/** Runs a program in the checkout with this terminal, and gives its exit code. */
export function run(program, argv, environment = {}) {
  const { status, error } = spawnSync(program, argv, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  if (error) {
    console.error(`${program}: ${error.message}`);
    return 3;
  }
  return status ?? 3;
}

/**
 * The same for a command that answers Ctrl-C itself: the terminal tells it too, so it is only waited for; what was sent to this process alone
 * is passed on.
 */
export async function handOver(program, argv) {
  const child = spawn(program, argv, { cwd: root, stdio: 'inherit' });
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return await new Promise((ended) => child.once('close', (status) => ended(status ?? 3)));
}

function requireNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) stop(`Node 20 or later is wanted, this is ${process.versions.node}`);
}

function requirePrograms(programs) {
  const missing = Object.entries(programs).filter(([program]) => !isInstalled(program));
  if (missing.length === 0) return;
  const packages = missing.map(([, debianPackage]) => debianPackage);
  const line = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (process.getuid?.() !== 0)
    stop(`missing: ${missing.map(([program]) => program).join(', ')}; run as root:\n  ${line}`);
  console.error(`setting up: ${line}`);
  const environment = { DEBIAN_FRONTEND: 'noninteractive' };
  if (run('apt-get', ['update', '-q'], environment) !== 0)
    console.error('apt-get update failed; going on with the lists there are');
  if (run('apt-get', line.split(' ').slice(1), environment) !== 0)
    stop(`apt-get could not install ${packages.join(' ')}`);
}

/** `npm ci` where node_modules is not that of the lock file. */
function requirePackages() {
  const stamp = join(root, 'node_modules', '.touchstone-lock');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('setting up: npm ci');
  if (run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']) !== 0) stop('npm ci failed');
  writeFileSync(stamp, wanted);
}

function isInstalled(program) {
  if (program === 'scapy') return spawnSync('/usr/bin/python3', ['-c', 'import scapy']).status === 0;
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function stop(says) {
  console.error(says);
  process.exit(3);
}
