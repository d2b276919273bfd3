/** How often the log of iked is read, against an agent that answers as the guest's does: from `fdinfo` and from the file. */
import { expect } from 'chai';
import { ConsoleChannel } from '../../runtime/console.ts';
import { Log } from './log.ts';

describe('the log of iked', () => {
  let file = '';
  let position = 0;
  let reads = 0;
  const appends = (text: string) => {
    file += text;
    position = file.length;
  };

  function log(): Log {
    const answered = (verb: string, path: string): string => {
      if (verb === 'write') file = '';
      if (verb === 'read' && path === '/proc/7/fdinfo/2') return ` pos:%09${position}%0aflags:%090102001%0a`;
      if (verb === 'read') reads++;
      return verb === 'read' ? ` ${encodeURIComponent(file) || '%'}` : '';
    };
    const channel: ConsoleChannel = new ConsoleChannel((line) => {
      for (const [, number, verb, path] of line.matchAll(/\?(\d+) (\S+) (\S+).*\n/g))
        queueMicrotask(() => channel.receive(Buffer.from(`=${number}${answered(verb!, path!)}\n`)));
    });
    const made = new Log(channel);
    made.writtenBy(7);
    return made;
  }

  it('is read when its end has moved, and only then', async () => {
    const one = log();
    appends('a\n');
    expect([await one.text(), await one.text(), reads]).to.deep.equal(['a\n', 'a\n', 1]);
    appends('b\n');
    expect([await one.text(), reads]).to.deep.equal(['a\nb\n', 2]);
  });

  it('is what was written since it was emptied, be it as long as before', async () => {
    const one = log();
    file = 'old\n';
    position = 4;
    await one.empties();
    expect(await one.text()).to.equal('');
    appends('new\n');
    expect(await one.text()).to.equal('new\n');
  });

  it('shows what is looked for as soon as it is there, and nothing once its writer has ended', async () => {
    const one = log();
    setTimeout(() => appends('ready\n'), 30);
    const sees = (text: string) => (text.includes('ready') ? 'ready' : undefined);
    expect(await one.shows(sees, 5_000, () => false)).to.equal('ready');
    expect(
      await one.shows(
        () => undefined,
        5_000,
        () => true,
      ),
    ).to.equal(undefined);
  });
});
