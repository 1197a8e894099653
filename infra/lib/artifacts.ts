// Where the code of the functions is: zips that `make package` has made, named by their content. A function whose code
// is the same keeps its name and is not deployed again.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

import { type CfnFunction } from "aws-cdk-lib/aws-lambda";
import { FileAssetPackaging, Fn, Stage, type Stack } from "aws-cdk-lib";

import { type Parameters } from "./parameters.ts";

/** The binaries there are. */
export const BINARIES = ["ingest", "router", "sweep"] as const;
/** One of them. */
export type Binary = (typeof BINARIES)[number];

/** What `make package` says of the zips beside it. */
export interface Package {
  readonly architecture: "x86_64" | "arm64";
}

/** What the packages in a directory are. */
export function packageIn(directory: string): Package {
  return JSON.parse(readFileSync(join(directory, "contents.json"), "utf8")) as Package;
}

/** The name a zip has in a bucket. */
export function objectName(directory: string, binary: Binary): string {
  const sha256 = createHash("sha256")
    .update(readFileSync(join(directory, `${binary}.zip`)))
    .digest("hex");
  return `${binary}-${sha256}.zip`;
}

/** Code properties of the functions. */
export class Artifacts {
  readonly #stack: Stack;
  readonly #directory: string;
  readonly #parameters: Parameters;

  constructor(stack: Stack, directory: string, parameters: Parameters) {
    this.#stack = stack;
    this.#directory = resolve(directory);
    this.#parameters = parameters;
  }

  /** In the company's bucket if one is named, else in that of the CDK bootstrap, where `cdk deploy` puts it. */
  code(binary: Binary): CfnFunction.CodeProperty {
    const name = objectName(this.#directory, binary);
    const outdir = Stage.of(this.#stack)?.outdir ?? ".";
    const published = this.#stack.synthesizer.addFileAsset({
      fileName: relative(outdir, join(this.#directory, `${binary}.zip`)),
      packaging: FileAssetPackaging.FILE,
      sourceHash: name.replace(/\.zip$/, ""),
      displayName: binary,
    });
    return {
      s3Bucket: this.#parameters.or("CdkBucket", "ArtifactsBucket", published.bucketName),
      s3Key: Fn.sub(`\${ArtifactsPrefix}${name}`),
    };
  }
}
