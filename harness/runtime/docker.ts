/**
 * The runtime `docker`: the same guest inside a container, by `docker/compose.yaml` through either command line of compose.
 * The container connects its console back to the harness over TCP, so that no port is guessed and nothing is polled; its
 * standard error is the console of the guest's kernel.
 */

import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execCompose, type IDockerComposeOptions } from 'docker-compose';
import { HarnessFault } from '../lab/harness-fault.ts';
import { atExit } from './at-exit.ts';
import { ensureContainerImage, requireDaemon } from './container-image.ts';
import { type GuestBody, readyGuest } from './guest.ts';
import { kernelProgram } from './guest-kernel.ts';
import { dockerFolder } from './image-description.ts';
import { kernelParameters } from './kernel-parameters.ts';
import { run } from './program.ts';
import type { Guest, GuestSpec, Runtime } from './runtime.ts';

export const docker: Runtime = { name: 'docker', kernel: 'own', available: requireDaemon, boot };

async function boot(spec: GuestSpec): Promise<Guest> {
  const container = await ensureContainerImage(dirname(spec.image.path), spec.progress, spec.signal);
  const executable = await composeExecutable();
  const folder = await mkdtemp(join(tmpdir(), 'touchstone-guest-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const atEnd = atExit(remove);
  const server = createServer();
  try {
    const port = await listening(server);
    const file = join(folder, 'guest.env');
    await writeFile(file, environment(spec, container, port));
    const composeOptions = ['--env-file', file, '--project-name', 'touchstone'];
    const options = { executable, config: join(dockerFolder, 'compose.yaml'), composeOptions };
    return await readyGuest(spec, containerBody(options, `${spec.name.replaceAll('@', '-')}-${port}`, server));
  } finally {
    server.close();
    remove();
    atEnd.calledOff();
  }
}

function environment(spec: GuestSpec, container: string, port: number): string {
  const { kernel } = spec.image;
  return [
    `TOUCHSTONE_CONTAINER=${container}`,
    `TOUCHSTONE_IMAGE=${spec.image.path}`,
    `TOUCHSTONE_KERNEL=${kernel ?? spec.image.path}`,
    `TOUCHSTONE_KERNEL_COMMAND=${commandInContainer(kernel)}`,
    `TOUCHSTONE_CONSOLE=127.0.0.1:${port}`,
    `TOUCHSTONE_KERNEL_PARAMETERS=${kernelParameters(spec, '/root.img', '/tmp', kernel && '/kernel').join(' ')}`,
    '',
  ].join('\n');
}

/** Words without white space, that a shell takes apart. */
function commandInContainer(kernel: string | undefined): string {
  const { program, cwd, environment } = kernelProgram(kernel && '/kernel');
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return ['env', ...(cwd === undefined ? [] : [`--chdir=${cwd}`]), ...variables, program].join(' ');
}

/** `compose run` stays for as long as the container does, and removes it. */
function containerBody(options: IDockerComposeOptions, name: string, server: Server): GuestBody {
  let console: Socket | undefined;
  let early = '';
  let over = false;
  let kernelWords = (_: Uint8Array): void => {};
  return {
    write: (piece) => {
      if (console) console.write(piece, 'latin1');
      else early += piece;
    },
    kill: () => {
      if (over) return;
      console?.destroy();
      spawn('docker', ['rm', '--force', name], { detached: true, stdio: 'ignore' }).unref(); // it may outlive the harness
    },
    listen: ({ agent, kernel }) => {
      server.once('connection', (socket) => {
        console = socket;
        socket.on('data', agent);
        socket.on('error', () => {}); // the end of the container says what happened
        if (early) socket.write(early, 'latin1');
      });
      kernelWords = kernel;
    },
    ended: new Promise((resolve) => {
      const ended = ({ exitCode }: { exitCode?: number | null }): void => {
        over = true;
        resolve(`status ${exitCode}`);
      };
      const commandOptions = ['--rm', '-T', '--name', name];
      execCompose('run', ['guest'], { ...options, commandOptions, callback: (piece) => kernelWords(piece) }).then(
        ended,
        ended,
      );
    }),
  };
}

/** Version 2 (`docker compose`) if it is there, else version 1 (`docker-compose`). */
async function composeExecutable(): Promise<NonNullable<IDockerComposeOptions['executable']>> {
  if ((await run('docker', ['compose', 'version'])).status === 0) return { executablePath: 'docker' };
  const first = await run('docker-compose', ['version']).catch(() => undefined);
  if (first?.status === 0) return { standalone: true };
  const mend = 'apt-get install -y docker-compose';
  throw new HarnessFault('missing-tool', 'neither `docker compose` nor `docker-compose` runs', { mend });
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
