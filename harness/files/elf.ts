/** The head of an ELF file, as far as it says whether a guest could run it: elf(5). Nothing of the file is run. */

/** `program` runs, `library` is loaded by one; a position-independent program is both. */
export type ElfKind = 'program' | 'library';

/** What was had in place of such a file for this machine's processor, on which guests run too; nothing where it is one. */
export function elfFault(octets: Uint8Array, kind: ElfKind): string | undefined {
  if (octets.length === 0) return 'an empty file';
  const head = new DataView(octets.buffer, octets.byteOffset, octets.length);
  if (octets.length < HEADER || head.getUint32(0) !== MAGIC) return 'no ELF file';
  const little = octets[DATA] === LITTLE_ENDIAN;
  const [type, machine] = [head.getUint16(TYPE, little), head.getUint16(MACHINE, little)];
  if (octets[CLASS] !== CLASS_64 || !little || machine !== machines[process.arch])
    return `one of another processor (class ${octets[CLASS]}, machine ${machine})`;
  if (type !== SHARED && !(kind === 'program' && type === EXECUTABLE)) return `an ELF file of type ${type}`;
  return undefined;
}

/** e_machine, by what Node calls the processor. */
const machines: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };

const MAGIC = 0x7f454c46;
const CLASS = 4;
const CLASS_64 = 2;
const DATA = 5;
const LITTLE_ENDIAN = 1;
const TYPE = 16;
const EXECUTABLE = 2;
const SHARED = 3;
const MACHINE = 18;
const HEADER = 64;
