#!/usr/bin/env node
// configure.mjs FOLDER: what a vendor would write for a box, here for the one that box.sh keeps in FOLDER. On its input it is told what to be, as one JSON document; it makes the
// box forget what it was, and be that. 0: it is so. 77: it cannot be, and the last line says why. Anything else: this script is broken, and no case is held against the box.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const { configuration, material, inItsLanguage } = JSON.parse(readFileSync(0, 'utf8'));
if (configuration.manual.length > 0) cannot('this box has no manual keys');

// `like: strongswan-userspace` in the product file has Touchstone write the box's own language: lines of a shell for its network, then swanctl.conf.
const [network, ...rest] = inItsLanguage.split('\n\n');
// The box has no sysctl(8).
const settled = network.replace(
  /^sysctl -w (\S+)=(\S+)$/gm,
  (_, name, value) => `echo ${value} >/proc/sys/${name.replaceAll('.', '/')}`,
);
// Which certificate is meant, swanctl finds by the identities; only what it is given is named.
const swanctl = rest.join('\n\n').replace(/^.*\b(certs|cacerts) = .*\n/gm, '');

const files = {
  '/etc/strongswan.conf': settings(),
  '/etc/swanctl/swanctl.conf': swanctl,
  ...numbered('/etc/swanctl/x509', material.certificates),
  ...numbered('/etc/swanctl/x509ca', material.authorities),
  ...numbered('/etc/swanctl/x509crl', material.revocationLists),
  ...numbered('/etc/swanctl/private', material.privateKeys),
};

const script = [
  'set -e',
  // Forgotten: a daemon that is killed says goodbye to nobody.
  'if test -e /run/charon.pid; then kill -9 "$(cat /run/charon.pid)" 2>/dev/null || true; rm -f /run/charon.*; fi',
  'while ip link delete ipsec0 2>/dev/null; do :; done',
  'ip address flush dev lo scope global',
  'ip address flush dev eth0 scope global',
  'ip route flush proto boot',
  'ip -6 route flush proto boot',
  'ip neighbour flush all',
  'rm -f /etc/swanctl/*/*.pem',
  ...Object.entries(files).map(([path, text]) => `cat >${path} <<'END OF FILE'\n${text.trimEnd()}\nEND OF FILE`),
  settled,
  'charon-systemd </dev/null >/run/charon.log 2>&1 &',
  'echo $! >/run/charon.pid',
  'until test -S /run/charon.vici; do kill -0 "$(cat /run/charon.pid)"; sleep 0.05; done',
  'swanctl --load-all --noprompt',
].join('\n');

const pid = readFileSync(join(folder, 'pid'), 'utf8').trim();
const inside = ['--target', pid, '--mount', '--net', '--pid', 'chroot', join(folder, 'box', 'root'), 'sh'];
const { status, stdout, stderr } = spawnSync('nsenter', inside, { input: script, encoding: 'utf8' });
process.stdout.write(`${stdout}${stderr}`);
process.exitCode = status ?? 1;

function cannot(why) {
  console.log(why);
  process.exit(77);
}

function numbered(where, texts) {
  return Object.fromEntries(texts.map((text, place) => [`${where}/${place}.pem`, text]));
}

function settings() {
  return `charon-systemd {
  load = random nonce openssl x509 pubkey pkcs1 pkcs8 pem hmac kdf constraints revocation kernel-libipsec kernel-netlink socket-default vici
  delete_rekeyed_delay = 0
  plugins {
    kernel-libipsec {
      allow_peer_ts = yes
    }
    kernel-netlink {
      fwmark = !0x42
    }
    socket-default {
      fwmark = 0x42
    }
  }
}
`;
}
