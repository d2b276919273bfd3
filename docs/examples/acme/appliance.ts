/**
 * Acme's appliance: the IPsec of a Linux kernel, which the adapter for that drives, in a guest. Its tunnels carry IPv4 only, and it says so before
 * anything runs. With packages of Acme's own, `image` would be the folder of an image.json beside this file.
 */
import { imageFolder, kernelProduct, linux, type NodeConfiguration, type Product } from 'touchstone/product';

export const product: Product = kernelProduct(
  { name: 'acme-appliance', image: imageFolder('linux') },
  {
    ...linux,
    unsupported: (configuration) =>
      linux.unsupported(configuration) ?? (carriesIpv4(configuration) ? undefined : 'Acme, data sheet: carries IPv4'),
  },
);

const carriesIpv4 = ({ spd }: NodeConfiguration): boolean =>
  spd.every(({ selector }) => !selector.remote.includes(':'));
