// Go's loader is a script that leaves its class in the global object.
declare module '*/wasm_exec.js' {
  const nothing: undefined
  export default nothing
}
