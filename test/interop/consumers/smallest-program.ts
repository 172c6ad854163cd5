/** A program in the format of Windows and UEFI that does nothing but return: something for the signers to sign. */
export function smallestProgram(): Buffer {
  const file = Buffer.alloc(1024);
  const at = { dos: 0, signature: 64, optional: 88, section: 328, code: 512 };
  file.write('MZ', at.dos);
  file.writeUInt32LE(at.signature, 60);
  file.write('PE\0\0', at.signature);
  // COFF header: x86-64, one section, 240 bytes of optional header, executable.
  file.writeUInt16LE(0x8664, at.signature + 4);
  file.writeUInt16LE(1, at.signature + 6);
  file.writeUInt16LE(240, at.signature + 20);
  file.writeUInt16LE(0x22, at.signature + 22);
  // Optional header, PE32+.
  file.writeUInt16LE(0x20b, at.optional);
  file.writeUInt32LE(512, at.optional + 4); // size of code
  file.writeUInt32LE(0x1000, at.optional + 16); // entry point
  file.writeUInt32LE(0x1000, at.optional + 20); // base of code
  file.writeBigUInt64LE(0x40_0000n, at.optional + 24); // image base
  file.writeUInt32LE(0x1000, at.optional + 32); // section alignment
  file.writeUInt32LE(512, at.optional + 36); // file alignment
  file.writeUInt16LE(5, at.optional + 48); // subsystem version
  file.writeUInt32LE(0x2000, at.optional + 56); // size of image
  file.writeUInt32LE(512, at.optional + 60); // size of headers
  file.writeUInt16LE(10, at.optional + 68); // subsystem: EFI application
  file.writeUInt32LE(16, at.optional + 108); // data directories
  // The one section.
  file.write('.text', at.section);
  file.writeUInt32LE(512, at.section + 8);
  file.writeUInt32LE(0x1000, at.section + 12);
  file.writeUInt32LE(512, at.section + 16);
  file.writeUInt32LE(at.code, at.section + 20);
  file.writeUInt32LE(0x6000_0020, at.section + 36);
  file.writeUInt8(0xc3, at.code); // ret
  return file;
}
