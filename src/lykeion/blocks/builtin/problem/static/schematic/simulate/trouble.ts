/** Why a circuit cannot be simulated: the key of a sentence, and what goes into it. */
export class Trouble extends Error {
  constructor(readonly key: string, readonly values: Record<string, string> = {}) {
    super(`${key} ${JSON.stringify(values)}`);
  }
}
