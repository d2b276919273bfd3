/**
 * The octets of a file of any size, or of standard input, piece by piece: what was read and let go takes no memory. As in `file.ts` a path leads to a regular
 * file or is refused; whoever wants a pipe read says `-`, and knows that a pipe has no end before its writer has.
 */
import { constants, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { FileFault, fileFault } from './file-fault.ts';
import { kindOf } from './folder.ts';

export interface OctetStream {
  /** In octets, as the file was when it was looked at; standard input does not say. */
  readonly size?: number;
  /** To be gone through once. Throws `FileFault` where reading fails on the way. */
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** The path of standard input. */
export const STANDARD_INPUT = '-';

/** Nothing is opened before the first piece is asked for. Throws `FileFault` for what is no file. */
export function octetStream(path: string, pieceOctets: number = PIECE_OCTETS): OctetStream {
  if (path === STANDARD_INPUT) return { pieces: standardInput() };
  try {
    const found = statSync(path); // before it is opened, because opening a device may do something
    if (!found.isFile()) throw new FileFault(path, A_FILE, kindOf(found));
    return { size: found.size, pieces: fileIn(path, pieceOctets) };
  } catch (thrown) {
    throw fileFault(path, A_FILE, thrown);
  }
}

async function* fileIn(path: string, pieceOctets: number): AsyncGenerator<Uint8Array> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      const found = await file.stat();
      if (!found.isFile()) throw new FileFault(path, A_FILE, kindOf(found));
      for (;;) {
        const { bytesRead, buffer } = await file.read(new Uint8Array(pieceOctets), 0, pieceOctets, null);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  } catch (thrown) {
    throw fileFault(path, A_FILE, thrown);
  }
}

async function* standardInput(): AsyncGenerator<Uint8Array> {
  if (process.stdin.isTTY) throw new FileFault(STANDARD_INPUT, 'a file or a pipe on standard input', 'a terminal');
  try {
    for await (const piece of process.stdin) yield piece;
  } catch (thrown) {
    throw fileFault(STANDARD_INPUT, A_FILE, thrown);
  }
}

const A_FILE = 'a file to read';

/** Few system calls a megabyte, and little to hold. */
const PIECE_OCTETS = 2 ** 18;
