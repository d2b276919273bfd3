// A thread inherits no loader: in a checkout it has to be told again how TypeScript is read.
import { register } from 'tsx/esm/api';

register({ tsconfig: false });
await import('./opening-thread.ts');
