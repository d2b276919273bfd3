/**
 * The parameters of a guest's kernel: memory, image, console and wires, as user-mode Linux takes them, the same whether it
 * runs as a process of this machine or in a container.
 */
import type { GuestSpec, GuestWire } from './runtime.ts';

/**
 * One word each, without white space. The guest's init reads MODULES and WIRES as variables. Below `kernel`, where it is given, lies what the guest mounts of
 * the host: the modules, at the place that a kernel installed by its package has them.
 */
export function kernelParameters(spec: GuestSpec, image: string, folder: string, kernel?: string): string[] {
  const modules = [...new Set([...spec.image.modules, ...(spec.modules ?? [])])];
  return [
    `mem=${spec.memory ?? 256}M`,
    `uml_dir=${folder}`,
    'umid=guest',
    `ubd0r=${image}`,
    ...(kernel === undefined ? [] : [`hostfs=${kernel}`]),
    'root=/dev/ubda',
    'rootfstype=ext4',
    'ro',
    'init=/usr/lib/touchstone/init',
    'con=null',
    'con0=null,fd:2',
    'ssl=null',
    'ssl0=fd:0,fd:1',
    `MODULES=${modules.join(',')}`,
    `WIRES=${spec.wires.map((wire) => `${wire.name}/${wire.mac}`).join(',')}`,
    ...spec.wires.map(vectorDevice),
  ];
}

function vectorDevice(wire: GuestWire, number: number): string {
  const session = `0x${wire.session.toString(16)}`;
  return [
    `vec${number}:transport=l2tpv3,v6=0,udp=1,src=0.0.0.0,dst=${wire.peerAddress}`,
    `srcport=${wire.guestPort},dstport=${wire.peerPort},tx_session=${session},rx_session=${session}`,
    'depth=64,gro=0',
  ].join(',');
}
