/** All broken twins of Mobile IPv6. */

export * from './mobility-bindings.ts';
export * from './mobility-correspondent.ts';
export * from './mobility-headers.ts';
export * from './mobility-messages.ts';
