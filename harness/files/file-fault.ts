/** A file or folder that is not as it was wanted, in words for whoever named it: the path, what was wanted there, what was found. */

export class FileFault extends Error {
  readonly path: string;
  /** Without the path. */
  readonly says: string;
  /** Whether the machine is at fault (no space, too many open files), or what the path leads to. */
  readonly ofMachine: boolean;

  constructor(
    path: string,
    wanted: string,
    had: string,
    options: ErrorOptions & { readonly ofMachine?: boolean } = {},
  ) {
    const says = `wanted ${wanted}, had ${had}`;
    super(`${path}: ${says}`, options);
    this.name = 'FileFault';
    this.path = path;
    this.says = says;
    this.ofMachine = options.ofMachine ?? false;
  }
}

/** What the system said of a path, as a fault; anything else it threw is thrown on. */
export function fileFault(path: string, wanted: string, thrown: unknown): FileFault {
  if (thrown instanceof FileFault) return thrown;
  if (!isSystemError(thrown)) throw thrown;
  return new FileFault(path, wanted, inWords(thrown), { cause: thrown, ofMachine: ofMachine.has(thrown.code) });
}

/** An error of a system call, by its stable code. */
export function isSystemError(thrown: unknown): thrown is NodeJS.ErrnoException & { readonly code: string } {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' && 'syscall' in thrown;
}

/** `no space left (ENOSPC)`. */
export function inWords({ code, message }: { readonly code: string; readonly message: string }): string {
  const known = words[code];
  return known === undefined ? message : `${known} (${code})`;
}

const words: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  ENOENT: 'nothing of that name',
  ENOTDIR: 'a file where a folder was to be',
  EISDIR: 'a folder',
  EEXIST: 'something else of that name',
  ELOOP: 'symbolic links in a circle',
  ENAMETOOLONG: 'a name that is too long',
  EROFS: 'a file system that is read-only',
  ENXIO: 'no file',
  ENOSPC: 'no space left',
  EDQUOT: 'no quota left',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files',
  ENOMEM: 'no memory left',
  EIO: 'an error of the device',
};

const ofMachine: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'ENOMEM', 'EIO']);
