// Times that have to fit each other; `test/times.test.ts` holds them against what the template says in the end.

/** Procore waits 5 s for an answer. A start reads secret and configuration, each of which may take 3.5 s at worst. */
export const INGEST_TIMEOUT_S = 10;

/** Longer than the function, so that what the API answers is the function's word. */
export const INTEGRATION_TIMEOUT_MS = 15_000;

/** A draft takes half a minute, most of it the model's. The rest is for waits within Procore's call limits. */
export const ROUTER_TIMEOUT_S = 300;

/** Less than the shortest time between two sweeps: they never overlap. */
export const SWEEP_TIMEOUT_S = 280;
