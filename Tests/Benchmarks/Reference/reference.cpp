// The yardstick of the matching benchmark: what a careful C++ program takes for the same file.
//
// Parses the same JSON from bytes, ranks each pair once, lets applicants propose in interleaved chains with prefetch,
// checks the result, and writes it. Markets of applicants and firms with a capacity only; ids without escapes.
//
//   reference MARKET RESULT      prints what each part took as one line of JSON
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

constexpr uint32_t kTied = 1u << 31;  // of an entry: as good as the one before
constexpr int kChains = 32;
constexpr int kAhead = 24;
constexpr size_t kWindow = 8 << 20;

[[noreturn]] void fail(const char* what) {
    std::fprintf(stderr, "reference: %s\n", what);
    std::exit(2);
}

double cpuMilliseconds() {
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/// What getrusage tells would count the parent's memory as well.
long peakKB() {
    long kilobytes = 0;
    if (FILE* status = std::fopen("/proc/self/status", "r")) {
        char line[256];
        while (std::fgets(line, sizeof line, status)) std::sscanf(line, "VmHWM: %ld", &kilobytes);
        std::fclose(status);
    }
    return kilobytes;
}

/// Ids by number, in the order in which they were first seen. Up to eight bytes lie in the table itself.
class Interner {
public:
    explicit Interner(size_t bytes) {
        offsets_.reserve(bytes / 8);
        offsets_.push_back(0);
        arena_.reserve(bytes);
        resize(1024);
    }

    struct Key {
        uint64_t word;
        const char* text;
        uint32_t length;
    };

    void prefetch(const Key& key) const { __builtin_prefetch(&slots_[index(key.word)], 1); }

    uint32_t number(const Key& key) {
        if (count() * 2 >= slots_.size()) resize(slots_.size() * 2);
        for (size_t at = index(key.word);; at = (at + 1) & (slots_.size() - 1)) {
            Slot& slot = slots_[at];
            if (slot.number == kEmpty) {
                slot = {key.word, count()};
                arena_.insert(arena_.end(), key.text, key.text + key.length);
                offsets_.push_back(arena_.size());
                return slot.number;
            }
            if (slot.word == key.word && (key.length <= 8 || equals(slot.number, key))) return slot.number;
        }
    }

    uint32_t count() const { return offsets_.size() - 1; }
    std::string_view text(uint32_t number) const {
        return {arena_.data() + offsets_[number], offsets_[number + 1] - offsets_[number]};
    }
    void forgetTable() { std::vector<Slot>().swap(slots_); }

private:
    static constexpr uint32_t kEmpty = ~0u;
    struct Slot {
        uint64_t word;
        uint32_t number;
    };

    size_t index(uint64_t word) const { return (word * 0x9E3779B97F4A7C15u) >> shift_; }
    bool equals(uint32_t number, const Key& key) const {
        return text(number) == std::string_view(key.text, key.length);
    }
    void resize(size_t size) {
        std::vector<Slot> old(size, Slot{0, kEmpty});
        old.swap(slots_);
        shift_ = 64 - std::countr_zero(size);
        for (const Slot& slot : old) {
            if (slot.number == kEmpty) continue;
            size_t at = index(slot.word);
            while (slots_[at].number != kEmpty) at = (at + 1) & (size - 1);
            slots_[at] = slot;
        }
    }

    std::vector<Slot> slots_;
    int shift_ = 0;
    std::vector<char> arena_;
    std::vector<uint32_t> offsets_;
};

/// Rankings in compressed rows, in the order of the file.
struct Lists {
    std::vector<uint32_t> owner, start, entry;
    explicit Lists(size_t bytes) { entry.reserve(bytes / 4); }
};

struct Market {
    Interner applicants, firms;
    Lists choices, rankings;
    std::vector<uint32_t> capacity;  // by firm
    explicit Market(size_t bytes) : applicants(bytes), firms(bytes), choices(bytes), rankings(bytes) {}
};

class Parser {
public:
    Parser(const char* begin, size_t size) : at_(begin), end_(begin + size), begin_(begin), market_(size) {}

    Market parse() {
        object([&](std::string_view key) {
            if (key == "applicants") {
                array([&] { applicant(); });
            } else if (key == "firms") {
                array([&] { firm(); });
            } else if (key == "format") {
                if (text() != "tradewind-market/1") fail("not a market");
            } else {
                fail("unknown key");
            }
        });
        market_.choices.start.push_back(market_.choices.entry.size());
        market_.rankings.start.push_back(market_.rankings.entry.size());
        return std::move(market_);
    }

private:
    char peek() {
        while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
        if (at_ == end_) fail("the file ends early");
        return *at_;
    }
    void expect(char mark) {
        if (peek() != mark) fail("unexpected mark");
        ++at_;
    }
    bool take(char mark) {
        if (peek() != mark) return false;
        ++at_;
        return true;
    }
    template <class Member>
    void object(Member member) {
        expect('{');
        if (take('}')) return;
        do {
            auto key = text();
            expect(':');
            member(key);
        } while (take(','));
        expect('}');
    }
    template <class Element>
    void array(Element element) {
        expect('[');
        if (take(']')) return;
        do element();
        while (take(','));
        expect(']');
    }
    std::string_view text() {
        Interner::Key key = id();
        return {key.text, key.length};
    }
    Interner::Key id() {
        expect('"');
        const char* begin = at_;
        uint64_t word = 0;
        if (end_ - at_ >= 16) {
            std::memcpy(&word, at_, 8);
            uint64_t special = zeroes(word ^ 0x2222222222222222) | zeroes(word ^ 0x5C5C5C5C5C5C5C5C);
            if (special) {
                unsigned length = std::countr_zero(special) / 8;
                if (at_[length] != '"') fail("escapes are not read");
                at_ += length + 1;
                return {length ? word & (~uint64_t{0} >> (64 - 8 * length)) : 0, begin, length};
            }
        }
        while (at_ < end_ && *at_ != '"' && *at_ != '\\') ++at_;
        if (at_ == end_ || *at_ == '\\') fail("escapes are not read");
        uint32_t length = at_ - begin;
        ++at_;
        if (length <= 8) {
            word = 0;
            std::memcpy(&word, begin, length);
        } else {
            word = 0xFF;
            for (const char* c = begin; c < begin + length; ++c) word = (word ^ uint8_t(*c)) * 0x100000001B3u;
            word |= uint64_t{0xFF} << 56;  // never part of UTF-8: no short id looks like this
        }
        return {word, begin, length};
    }
    static uint64_t zeroes(uint64_t word) {
        return (word - 0x0101010101010101) & ~word & 0x8080808080808080;
    }
    uint32_t integer() {
        peek();
        uint32_t value = 0;
        const char* begin = at_;
        while (at_ < end_ && *at_ >= '0' && *at_ <= '9') value = value * 10 + (*at_++ - '0');
        if (at_ == begin) fail("not a number");
        return value;
    }

    /// Ids are looked up a few at a time, so that the table's lines are there when they are needed.
    void ranking(Lists& lists, Interner& other) {
        Interner::Key keys[16];
        uint32_t marks[16];
        int waiting = 0;
        auto settle = [&] {
            for (int i = 0; i < waiting; ++i) lists.entry.push_back(other.number(keys[i]) | marks[i]);
            waiting = 0;
        };
        auto one = [&](uint32_t mark) {
            keys[waiting] = id();
            other.prefetch(keys[waiting]);
            marks[waiting++] = mark;
            if (waiting == 16) settle();
        };
        array([&] {
            if (peek() == '[') {
                bool first = true;
                array([&] {
                    one(first ? 0 : kTied);
                    first = false;
                });
            } else {
                one(0);
            }
        });
        settle();
    }
    void letGo() {
        // What has been read need not stay in memory.
        size_t done = (at_ - begin_) / kWindow * kWindow;
        if (done <= released_) return;
        madvise(const_cast<char*>(begin_) + released_, done - released_, MADV_DONTNEED);
        released_ = done;
    }
    void applicant() {
        letGo();
        market_.choices.start.push_back(market_.choices.entry.size());
        object([&](std::string_view key) {
            if (key == "id") {
                market_.choices.owner.push_back(market_.applicants.number(id()));
            } else if (key == "ranking") {
                ranking(market_.choices, market_.firms);
            } else {
                fail("unknown key");
            }
        });
    }
    void firm() {
        letGo();
        market_.rankings.start.push_back(market_.rankings.entry.size());
        uint32_t number = 0, capacity = 0;
        object([&](std::string_view key) {
            if (key == "id") {
                number = market_.firms.number(id());
                market_.rankings.owner.push_back(number);
            } else if (key == "capacity") {
                capacity = integer();
            } else if (key == "ranking") {
                ranking(market_.rankings, market_.applicants);
            } else {
                fail("unknown key");
            }
        });
        if (market_.capacity.size() < market_.firms.count()) market_.capacity.resize(market_.firms.count());
        market_.capacity[number] = capacity;
    }

    const char* at_;
    const char* end_;
    const char* begin_;
    size_t released_ = 0;
    Market market_;
};

/// By entry of the applicants' lists: the firm's rank of the applicant, 0 if it has none. No ties: a lottery is the
/// product's, not the yardstick's.
std::vector<uint32_t> ranks(const Market& market) {
    const Lists& rankings = market.rankings;
    const Lists& choices = market.choices;
    std::vector<uint32_t> row(market.applicants.count());
    for (uint32_t index = 0; index < choices.owner.size(); ++index) row[choices.owner[index]] = index;
    bool inOrder = true;
    for (uint32_t index = 0; index < row.size(); ++index) inOrder &= row[index] == index;
    if (!inOrder) fail("applicants must come before firms");
    std::vector<uint32_t> result(choices.entry.size());
    const uint32_t* entries = rankings.entry.data();
    size_t count = rankings.entry.size();
    for (uint32_t list = 0; list < rankings.owner.size(); ++list) {
        uint32_t firm = rankings.owner[list], begin = rankings.start[list];
        for (uint32_t at = begin; at < rankings.start[list + 1]; ++at) {
            if (at + 2 * kAhead < count) __builtin_prefetch(&choices.start[entries[at + 2 * kAhead]]);
            if (at + kAhead < count) {
                uint32_t soon = choices.start[entries[at + kAhead]];
                __builtin_prefetch(&choices.entry[soon]);
                __builtin_prefetch(&choices.entry[soon] + 9);
                __builtin_prefetch(&result[soon], 1);
                __builtin_prefetch(&result[soon] + 9, 1);
            }
            if (entries[at] & kTied) fail("ties are not solved");
            uint32_t applicant = entries[at], end = choices.start[applicant + 1];
            for (uint32_t edge = choices.start[applicant]; edge < end; ++edge) {
                if (choices.entry[edge] == firm) {
                    result[edge] = at - begin + 1;
                    break;
                }
            }
        }
    }
    return result;
}

/// Applicants propose. Firms keep those they hold in heaps, the worst on top; thirty-two chains of displaced applicants
/// run by turns, so that the memory that one waits for comes while others run.
std::vector<uint32_t> solve(const Market& market, const std::vector<uint32_t>& rank) {
    const std::vector<uint32_t>& start = market.choices.start;
    const uint32_t* firmOf = market.choices.entry.data();
    const uint32_t applicants = start.size() - 1, firms = market.firms.count();
    std::vector<uint64_t> isRowStart(rank.size() / 64 + 1);
    for (uint32_t at : start) isRowStart[at / 64] |= uint64_t{1} << (at % 64);
    std::vector<uint32_t> listed(firms);
    for (uint32_t edge = 0; edge < rank.size(); ++edge) listed[firmOf[edge]] += rank[edge] > 0;

    // By firm: a rank must be below the limit to get in.
    struct Firm {
        uint32_t begin, count, room, limit;
    };
    std::vector<Firm> state(firms);
    uint32_t total = 0;
    for (uint32_t firm = 0; firm < firms; ++firm) {
        uint32_t room = std::min(listed[firm], market.capacity[firm]);
        state[firm] = {total, 0, room, room ? ~0u : 0};
        total += room;
    }
    std::vector<uint64_t> arena(total);  // rank << 32 | edge

    struct Chain {
        uint32_t edge;
        bool isAtFirm;
    };
    Chain chains[kChains];
    uint32_t next = 0;
    int running = 0;
    auto begin = [&](Chain& chain) {
        while (next < applicants && start[next] == start[next + 1]) ++next;
        if (next == applicants) return false;
        chain = {start[next++], false};
        return true;
    };
    auto walk = [&](Chain& chain) {
        // False when the chain has ended.
        if (!chain.isAtFirm) {
            while (rank[chain.edge] - 1u >= state[firmOf[chain.edge]].limit - 1u || !rank[chain.edge]) {
                ++chain.edge;
                if (isRowStart[chain.edge / 64] >> (chain.edge % 64) & 1) return false;
            }
            const uint64_t* heap = &arena[state[firmOf[chain.edge]].begin];
            __builtin_prefetch(heap, 1);
            __builtin_prefetch(heap + 8, 1);
            __builtin_prefetch(heap + 16, 1);
            chain.isAtFirm = true;
            return true;
        }
        chain.isAtFirm = false;
        Firm& firm = state[firmOf[chain.edge]];
        if (rank[chain.edge] >= firm.limit) return true;  // others were quicker
        uint64_t* heap = &arena[firm.begin];
        uint64_t newcomer = uint64_t{rank[chain.edge]} << 32 | chain.edge;
        if (firm.count < firm.room) {
            uint32_t child = firm.count++;
            while (child > 0) {
                uint32_t parent = (child - 1) / 2;
                if (heap[parent] >= newcomer) break;
                heap[child] = heap[parent];
                child = parent;
            }
            heap[child] = newcomer;
            if (firm.count == firm.room) firm.limit = heap[0] >> 32;
            return false;
        }
        uint32_t loser = uint32_t(heap[0]);
        uint32_t parent = 0;
        while (true) {
            uint32_t child = 2 * parent + 1;
            if (child >= firm.count) break;
            if (child + 1 < firm.count && heap[child + 1] > heap[child]) ++child;
            if (heap[child] <= newcomer) break;
            heap[parent] = heap[child];
            parent = child;
        }
        heap[parent] = newcomer;
        firm.limit = heap[0] >> 32;
        chain.edge = loser + 1;
        if (isRowStart[chain.edge / 64] >> (chain.edge % 64) & 1) return false;
        __builtin_prefetch(&firmOf[chain.edge]);
        __builtin_prefetch(&rank[chain.edge]);
        return true;
    };
    while (running < kChains && begin(chains[running])) ++running;
    while (running > 0) {
        for (int index = 0; index < running;) {
            if (walk(chains[index]) || begin(chains[index])) {
                ++index;
            } else {
                chains[index] = chains[--running];
            }
        }
    }
    std::vector<uint64_t> isHeld(rank.size() / 64 + 1);
    for (const Firm& firm : state) {
        for (uint32_t at = firm.begin; at < firm.begin + firm.count; ++at) {
            uint32_t edge = uint32_t(arena[at]);
            isHeld[edge / 64] |= uint64_t{1} << (edge % 64);
        }
    }
    std::vector<uint32_t> result(applicants, ~0u);
    for (uint32_t applicant = 0; applicant < applicants; ++applicant) {
        for (uint32_t edge = start[applicant]; edge < start[applicant + 1]; ++edge) {
            if (isHeld[edge / 64] >> (edge % 64) & 1) result[applicant] = edge;
        }
    }
    return result;
}

/// Counts what is wrong: seats over capacity, and pairs who would rather have each other.
uint64_t faults(const Market& market, const std::vector<uint32_t>& rank, const std::vector<uint32_t>& held) {
    std::vector<uint32_t> filled(market.firms.count()), worst(market.firms.count());
    uint64_t faults = 0;
    const std::vector<uint32_t>& entry = market.choices.entry;
    for (uint32_t edge : held) {
        if (edge == ~0u) continue;
        if (rank[edge] == 0) ++faults;
        ++filled[entry[edge]];
        worst[entry[edge]] = std::max(worst[entry[edge]], rank[edge]);
    }
    for (uint32_t firm = 0; firm < filled.size(); ++firm) {
        if (filled[firm] > market.capacity[firm]) ++faults;
        if (filled[firm] < market.capacity[firm]) worst[firm] = ~0u;
        if (market.capacity[firm] == 0) worst[firm] = 0;
    }
    for (uint32_t applicant = 0; applicant < held.size(); ++applicant) {
        uint32_t end = std::min(held[applicant], market.choices.start[applicant + 1]);
        for (uint32_t edge = market.choices.start[applicant]; edge < end; ++edge) {
            if (rank[edge] != 0 && rank[edge] < worst[entry[edge]]) ++faults;
        }
    }
    return faults;
}

void write(const Market& market, const std::vector<uint32_t>& held, const char* path) {
    FILE* file = std::fopen(path, "w");
    if (!file) fail("can't write");
    std::string buffer = "{\n  \"format\": \"tradewind-matching/1\",\n  \"matching\": {";
    for (uint32_t applicant = 0; applicant < held.size(); ++applicant) {
        buffer += applicant ? ",\n    \"" : "\n    \"";
        buffer += market.applicants.text(applicant);
        if (held[applicant] == ~0u) {
            buffer += "\": null";
        } else {
            buffer += "\": \"";
            buffer += market.firms.text(market.choices.entry[held[applicant]]);
            buffer += '"';
        }
        if (buffer.size() > 1 << 20) {
            std::fwrite(buffer.data(), 1, buffer.size(), file);
            buffer.clear();
        }
    }
    buffer += "\n  }\n}\n";
    std::fwrite(buffer.data(), 1, buffer.size(), file);
    if (std::fclose(file) != 0) fail("can't write");
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) fail("usage: reference MARKET RESULT");
    int file = open(arguments[1], O_RDONLY);
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0 || status.st_size == 0) fail("can't read");
    double begin = cpuMilliseconds();
    void* bytes = mmap(nullptr, status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (bytes == MAP_FAILED) fail("can't map");
    Market market = Parser(static_cast<const char*>(bytes), status.st_size).parse();
    munmap(bytes, status.st_size);
    market.applicants.forgetTable();
    market.firms.forgetTable();
    double parsed = cpuMilliseconds();
    std::vector<uint32_t> rank = ranks(market);
    double ranked = cpuMilliseconds();
    std::vector<uint32_t> held = solve(market, rank);
    double solved = cpuMilliseconds();
    uint64_t wrong = faults(market, rank, held);
    double checked = cpuMilliseconds();
    write(market, held, arguments[2]);
    double written = cpuMilliseconds();
    std::printf(
        "{\"parse\": %.3f, \"rank\": %.3f, \"solve\": %.3f, \"certificate\": %.3f, \"write\": %.3f, "
        "\"total\": %.3f, \"peakKB\": %ld, \"placed\": %zu, \"wrong\": %lu}\n",
        parsed - begin, ranked - parsed, solved - ranked, checked - solved, written - checked, cpuMilliseconds(),
        peakKB(), held.size() - std::count(held.begin(), held.end(), ~0u), wrong);
}
