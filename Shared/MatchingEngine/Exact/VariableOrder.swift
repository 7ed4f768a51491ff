/// Variables by how often they were in recent conflicts, the busiest first; a heap with integer activities.
struct VariableOrder {
    private var activity: [UInt64] = []
    private var heap: [Int32] = []
    private var place: [Int32] = []
    private var step: UInt64 = 1 << 20

    mutating func add() {
        activity.append(0)
        place.append(-1)
        insert(activity.count - 1)
    }

    mutating func insert(_ variable: Int) {
        guard place[variable] < 0 else { return }
        place[variable] = Int32(heap.count)
        heap.append(Int32(variable))
        rise(heap.count - 1)
    }

    mutating func bump(_ variable: Int) {
        activity[variable] += step
        if activity[variable] > 1 << 60 {
            for index in activity.indices { activity[index] >>= 30 }
            step = max(1 << 20, step >> 30)
        }
        if place[variable] >= 0 { rise(Int(place[variable])) }
    }

    mutating func decay() { step += step >> 4 }

    /// Takes out the busiest; `nil` when none is left.
    mutating func next() -> Int? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        place[Int(first)] = -1
        if !heap.isEmpty {
            heap[0] = last
            place[Int(last)] = 0
            sink(0)
        }
        return Int(first)
    }

    private func isBusier(_ left: Int32, _ right: Int32) -> Bool {
        (activity[Int(left)], right) > (activity[Int(right)], left)
    }

    private mutating func rise(_ start: Int) {
        var child = start
        let variable = heap[child]
        while child > 0, isBusier(variable, heap[(child - 1) / 2]) {
            heap[child] = heap[(child - 1) / 2]
            place[Int(heap[child])] = Int32(child)
            child = (child - 1) / 2
        }
        heap[child] = variable
        place[Int(variable)] = Int32(child)
    }

    private mutating func sink(_ start: Int) {
        var parent = start
        let variable = heap[parent]
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, isBusier(heap[child + 1], heap[child]) { child += 1 }
            guard isBusier(heap[child], variable) else { break }
            heap[parent] = heap[child]
            place[Int(heap[parent])] = Int32(parent)
            parent = child
        }
        heap[parent] = variable
        place[Int(variable)] = Int32(parent)
    }
}
