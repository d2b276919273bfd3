/** strongSwan and Libreswan read and print a DN in the order of its encoding, RFC 4514 writes it the other way round: turns either into the other. */
export const turned = (name: string): string =>
  name
    .split(/(?<!\\),\s*/)
    .reverse()
    .join(', ');
