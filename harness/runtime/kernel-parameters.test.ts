import { expect } from 'chai';
import { kernelParameters } from './kernel-parameters.ts';

const image = { name: 'linux', path: '/cache/linux.img', packages: [], modules: ['esp4', 'esp6'] };
const wire = { name: 'eth0', mac: '02:00:00:00:00:02', guestPort: 17002, peerAddress: '127.0.0.1', peerPort: 17001 };

describe("the parameters of a guest's kernel", () => {
  it('describe each wire to the vector driver and to init', () => {
    const wires = [
      { ...wire, session: 0x11 },
      { ...wire, name: 'eth1', mac: '02:00:00:00:00:03', session: 0xffff_ffff },
    ];
    const parameters = kernelParameters({ name: 'guest', image, wires }, '/root.img', '/tmp');
    expect(parameters).to.include('WIRES=eth0/02:00:00:00:00:02,eth1/02:00:00:00:00:03');
    expect(parameters.filter((word) => word.startsWith('vec'))).to.deep.equal([
      'vec0:transport=l2tpv3,v6=0,udp=1,src=0.0.0.0,dst=127.0.0.1,srcport=17002,dstport=17001,tx_session=0x11,rx_session=0x11,depth=64,gro=0',
      'vec1:transport=l2tpv3,v6=0,udp=1,src=0.0.0.0,dst=127.0.0.1,srcport=17002,dstport=17001,tx_session=0xffffffff,rx_session=0xffffffff,depth=64,gro=0',
    ]);
  });

  it('load each module once, give 256 mebioctets unless told, and mount the image read-only', () => {
    const spec = { name: 'guest', image, wires: [], modules: ['esp4', 'dummy'] };
    const parameters = kernelParameters(spec, '/root.img', '/tmp');
    expect(parameters).to.include.members(['MODULES=esp4,esp6,dummy', 'mem=256M', 'ubd0r=/root.img', 'ro']);
    expect(kernelParameters({ ...spec, memory: 64 }, '/root.img', '/tmp')).to.include('mem=64M');
  });

  it('confine what it mounts of the host to the folder of a kernel that is not installed', () => {
    const spec = { name: 'guest', image, wires: [] };
    expect(kernelParameters(spec, '/root.img', '/tmp', '/cache/kernel@sid-1')).to.include('hostfs=/cache/kernel@sid-1');
    expect(kernelParameters(spec, '/root.img', '/tmp').join()).not.to.contain('hostfs');
  });

  it('are words that a shell may split', () => {
    const spec = { name: 'guest', image, wires: [] };
    for (const word of kernelParameters(spec, '/root.img', '/tmp', '/cache/kernel@sid-1')) {
      expect(word).to.match(/^[\w/.,:=@-]+$/);
    }
  });
});
