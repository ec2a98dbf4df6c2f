/** Types for the tests; the file itself must run before anything is installed. */
export declare const root: string;
export declare function missingPackages(folder: string): string[];
export declare function ensureInstalled(): void;
