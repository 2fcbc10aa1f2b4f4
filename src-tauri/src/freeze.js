// Freezes Object.prototype, and still lets other objects have properties of the same names by assignment.
(() => {
  'use strict';
  const prototype = Object.prototype;
  const { defineProperty, freeze, getOwnPropertyDescriptor } = Object;
  for (const key of Reflect.ownKeys(prototype)) {
    const descriptor = getOwnPropertyDescriptor(prototype, key);
    if (!descriptor.configurable || !('value' in descriptor)) continue;
    const { value, enumerable } = descriptor;
    defineProperty(prototype, key, {
      get() {
        return value;
      },
      // Called for an object that inherits the property, and for the prototype itself.
      set(own) {
        if (this === prototype) throw new TypeError(`Object.prototype.${String(key)} is frozen`);
        defineProperty(this, key, { value: own, writable: true, enumerable: true, configurable: true });
      },
      enumerable,
      configurable: false,
    });
  }
  freeze(prototype);
})();
