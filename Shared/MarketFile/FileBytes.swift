#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// A file's content: mapped into memory if it is a regular file, or the bytes themselves. Every access is checked against
/// the end; unsafe pointers do not leave this file.
///
/// A mapped file must not be cut short while it is read.
public struct FileBytes: RandomAccessCollection, @unchecked Sendable {
    /// Nobody writes to it, so that it is safe to share.
    private let base: UnsafeRawPointer
    public let count: Int
    private let storage: Storage

    public init(_ bytes: [UInt8]) {
        storage = Storage(bytes)
        base = storage.base
        count = bytes.count
    }

    /// Maps a file; `nil` if that can't be done, as with a pipe or an empty file.
    public init?(mapping path: String) {
        guard let storage = Storage(mapping: path) else { return nil }
        self.storage = storage
        base = storage.base
        count = storage.count
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    public subscript(index: Int) -> UInt8 {
        precondition(index >= 0 && index < count)
        return base.load(fromByteOffset: index, as: UInt8.self)
    }

    /// Gives the memory of what lies before `offset` back; it would be read again if need be.
    func release(before offset: Int) { storage.release(before: Swift.min(offset, count)) }

    /// The next eight bytes, the first one lowest; `nil` near the end.
    func word(at offset: Int) -> UInt64? {
        guard offset >= 0, offset <= count - 8 else { return nil }
        return UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    private final class Storage {
        let base: UnsafeRawPointer
        let count: Int
        private let isMapped: Bool

        init(_ bytes: [UInt8]) {
            count = bytes.count
            isMapped = false
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: Swift.max(1, count), alignment: 16)
            memory.copyBytes(from: bytes)
            base = UnsafeRawPointer(memory.baseAddress.unsafelyUnwrapped)
        }

        init?(mapping path: String) {
            let file = open(path, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { return nil }
            defer { close(file) }
            var status = stat()
            guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0,
                let base = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, file, 0), base != MAP_FAILED
            else { return nil }
            self.base = UnsafeRawPointer(base)
            count = Int(status.st_size)
            isMapped = true
        }

        /// Only one reader at a time releases, and what is released can still be read.
        func release(before offset: Int) {
            let page = 1 << 16
            guard isMapped, offset >= page else { return }
            madvise(UnsafeMutableRawPointer(mutating: base), offset / page * page, MADV_DONTNEED)
        }

        deinit {
            if isMapped {
                munmap(UnsafeMutableRawPointer(mutating: base), count)
            } else {
                base.deallocate()
            }
        }
    }
}
