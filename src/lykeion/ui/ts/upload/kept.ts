/** Files that are being uploaded, kept in this browser so that a page that is loaded again goes on by itself. */
export interface Kept {
  id: string;
  place: string; // course and purpose
  path: string;
  keep: boolean;
  file: File;
}

const STORE = "files";

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("uploads", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function run<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  try {
    const database = await open();
    return await new Promise((resolve, reject) => {
      const request = work(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } catch {
    return undefined; // no such storage here, or it is full: the author chooses the file again
  }
}

export const keep = (one: Kept): Promise<unknown> => run("readwrite", (store) => store.put(one));

export const forget = (id: string): Promise<unknown> => run("readwrite", (store) => store.delete(id));

export async function kept(place: string): Promise<Kept[]> {
  const all = (await run("readonly", (store) => store.getAll() as IDBRequest<Kept[]>)) ?? [];
  return all.filter((one) => one.place === place);
}
