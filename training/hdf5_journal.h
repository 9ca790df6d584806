// HDF5 on a JournaledFile: H5Fflush and H5Fclose change the file all at once or not at all.
//
// A file driver below HDF5's own layers. The files are ordinary HDF5, the same bytes as those of
// the default driver, which reads them.
#pragma once

#include <hdf5.h>

namespace mint::training {

// Makes H5Fcreate with these access properties (class H5P_FILE_ACCESS) write that way. The file
// must exist and be empty.
void set_journal_driver(hid_t access);

// For a file with half a change in it: on disk it stays as the last flush left it and is closed;
// HDF5 keeps its handles, which write nothing from now on. A write that fails does the same.
void abandon_changes(hid_t file);

}  // namespace mint::training
