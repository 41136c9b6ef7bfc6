// A server that speaks S3's protocol over a folder, with one bucket. Prints its port; ends when its stdin does.

import S3rver from "s3rver";

const [, , directory] = process.argv;
const server = new S3rver({ address: "127.0.0.1", port: 0, silent: true, directory, configureBuckets: [{ name: "bucket" }] });
const { port } = await server.run();
console.log(port);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
