/** All broken twins of Mobile IPv6. */
export * from './mobility-headers.ts';
