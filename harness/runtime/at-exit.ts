/** What is undone even where the harness ends at once. However many there are, the process has one listener for them. */
const pending = new Set<() => void>();

/** Does `undo` when the process exits, unless it is called off before. What throws keeps nothing else from being undone. */
export function atExit(undo: () => void): { readonly calledOff: () => void } {
  if (pending.size === 0) process.once('exit', undoAll);
  pending.add(undo);
  return {
    calledOff: () => {
      pending.delete(undo);
      if (pending.size === 0) process.off('exit', undoAll);
    },
  };
}

function undoAll(): void {
  for (const undo of pending) {
    try {
      undo();
    } catch {
      // the process ends, and the others are still to be undone
    }
  }
}
