// Files that are there completely or not at all, whenever the program or the machine stops:
// temporary name in the same folder, fsync, rename, fsync of the folder.
//
// All functions throw std::runtime_error `path: what: <reason of the system>`.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace mint::training {

// Creates or replaces `file`.
void write_file_atomically(const std::filesystem::path& file, std::string_view bytes);

// Makes the folder `target` appear (or replaces it) with the files that `fill` writes into the
// temporary folder it is given. Nothing remains when `fill` throws.
void publish_folder(const std::filesystem::path& target,
                    const std::function<void(const std::filesystem::path&)>& fill);

// Creates or replaces a symbolic link.
void link_atomically(const std::filesystem::path& link, const std::filesystem::path& target);

// Returns once the system has put what the file holds on the disk.
void sync_file(const std::filesystem::path& file);

// The same for the names in its folder: a new file may lose its own otherwise.
void sync_folder_of(const std::filesystem::path& file);

// What the functions above, and half films, leave in a folder when the program is killed: whether
// `name` is such a leftover of the file `of`, and what removes all of them.
bool is_leftover(const std::string& name, const std::string& of);
void remove_leftovers(const std::filesystem::path& folder);

// The bytes of a whole file.
std::string read_file(const std::filesystem::path& file);

}  // namespace mint::training
