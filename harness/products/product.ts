/**
 * A product, as the harness is handed one: what it is called, what can be said of a configuration before anything runs, and how a node under test
 * is made of it. It runs in a guest, whose image it names, in the memory of the harness, as the reference does, or in a box of its own on a cable. Ours are listed in
 * `catalogue.ts`, another's comes in a file of its own, from which its paths are taken; both are this type and nothing else.
 */
import type { Lab } from '../lab/lab.ts';
import type { NodeConfiguration, NodeUnderTest } from '../lab/node.ts';
import type { DescribedImage } from '../runtime/image-description.ts';
import type { OtherRelease } from '../runtime/release.ts';
import type { RuntimeName } from '../runtime/runtime.ts';
import type { DeviceDescription } from './device/device.ts';
import type { Boot } from './guest-host.ts';
import type { QuestionedNode } from './honesty.ts';

export type Product = GuestProduct | MemoryProduct | DeviceProduct;

interface Described {
  /** As it is asked for and as results name it: letters, digits, `.`, `_`, `@` and `-`. */
  readonly name: string;
  /**
   * What its outcomes are held against, unless the command line says otherwise: what each case declares lawful, or the outcomes in a baseline's file.
   * Absent: nothing may read `fail`.
   */
  readonly expected?: 'lawful' | { readonly baseline: string };
  /** What can be planted, by name, and what each means. */
  readonly defects?: Readonly<Record<string, { readonly says: string }>>;
  /** As `NodeUnderTest` has them, before there is a node. */
  unsupported(configuration: NodeConfiguration): string | undefined;
  rendered(configuration: NodeConfiguration, defect?: string): string;
}

export interface GuestProduct extends Described {
  readonly runs: 'in-guest';
  /** The folder of its image.json, or what would stand there. Of ours, the folder's name below `docker/`. */
  readonly image: string | DescribedImage;
  /** Of Debian, of those that its image names; this machine's own without. Its name should say so: `acme@trixie`. */
  readonly release?: OtherRelease | undefined;
  /** Where it runs unless the command line says otherwise; `uml` without. `namespace` is for one that needs nothing of its kernel but a network. */
  readonly runtime?: RuntimeName;
  /** Absent where all that it needs is in the image, or was brought. */
  readonly brings?: Brings;
  /** Of what was brought, told before anything boots; throws HarnessFault for what is not as it should be. */
  requireBrought?(): void;
  /** Boots a guest, and another one whenever that is lost. `defect` is the name of one of `defects`. Rejects with HarnessFault. */
  create(boot: Boot, defect?: string): Promise<QuestionedNode>;
}

/** A program that nobody ships and that a person has to bring. Until then everything is unsupported, for that reason. */
export interface Brings {
  /** The option of the command line that names its folder, without the dashes. */
  readonly option: string;
  /** What the folder is, such as `a folder that holds a built mip6d`. */
  readonly folder: string;
  /** The same product with what lies in that folder of this machine. */
  from(folder: string): GuestProduct;
}

export interface MemoryProduct extends Described {
  readonly runs: 'in-memory';
  readonly version: string;
  /** A node in this lab, on its virtual clock; every run of a scenario has a lab of its own. */
  create(lab: Lab, defect?: string): NodeUnderTest;
}

/** A vendor's box; nothing is planted in it, and nobody is asked for anything but its configuration. */
export interface DeviceProduct extends Described {
  readonly runs: 'on-cable';
  readonly version: string;
  readonly device: DeviceDescription;
}
