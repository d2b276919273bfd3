/**
 * `touchstone/product`: all that a product from outside is made with, the same that ours are made with. A file that exports `product` is named with
 * `--product FILE`; `docs/add-a-product.md` shows one.
 */
export { type NodeRules, nodeRules } from '../../reference/host/host.ts';
export { HarnessFault } from '../lab/harness-fault.ts';
export type { Attachment, Lab } from '../lab/lab.ts';
export { labMaterial, type Material } from '../lab/material.ts';
export type * from '../lab/node.ts';
export { ReferenceNode } from '../lab/reference-node.ts';
export { type Boot, type DaemonStarts, GuestHost, refusal } from '../products/guest-host.ts';
export type { QuestionedNode } from '../products/honesty.ts';
export {
  type Daemon,
  type DaemonAdapter,
  type Defect,
  daemonProduct,
  type KernelAdapter,
  kernelProduct,
  type Named,
} from '../products/kit/guest-product.ts';
export { libreswan } from '../products/libreswan/libreswan.ts';
export { linux } from '../products/linux/linux.ts';
export { printed, type Rendering, renderNetwork, type Setting } from '../products/network.ts';
export { openiked } from '../products/openiked/openiked.ts';
export { addressOf, covers, everything, familyOf, prefixOf } from '../products/prefix.ts';
export type { GuestProduct, MemoryProduct, Product } from '../products/product.ts';
export { referenceWith } from '../products/reference.ts';
export { strongswan } from '../products/strongswan/strongswan.ts';
export { type ConsoleChannel, ConsoleRefusal, type ConsoleStream } from '../runtime/console.ts';
export { type DescribedImage, imageFolder } from '../runtime/image-description.ts';
export type { Guest } from '../runtime/runtime.ts';
