/** The package has no types of its own. */
declare module "workerd" {
  /** A CommonJS module: what it calls its default export is a member here. */
  const workerd: { /** Path of the program. */ default: string };
  export default workerd;
}
