/** All broken twins of Mobile IPv6. */
export * from './mobility-headers.ts';
export * from './mobility-home-agent.ts';
