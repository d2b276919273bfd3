/** All broken twins of Mobile IPv6. */

export * from './mobility-correspondent.ts';
export * from './mobility-headers.ts';
